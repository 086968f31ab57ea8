package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// No line is wider than asked for where it could have been broken.
func TestWidth(t *testing.T) {
	t.Parallel()
	for w := minWidth; w <= 130; w += 9 {
		for name, x := range map[string]*fake{"fake": newFake(), "words": everywhere(strings.Repeat("word ", 30)), "wide": everywhere(strings.Repeat("夏目 漱石 ", 20))} {
			for i, l := range strings.Split(x.render(t, "text", Options{Width: w}), "\n") {
				if width(l) > w && len(strings.Fields(strings.TrimLeft(l, " -"))) > 1 {
					t.Errorf("%s at %d: line %d has %d columns: %q", name, w, i+1, width(l), l)
				}
			}
		}
	}
}

func TestDisplayWidth(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "夏目": 4, "🔒": 2, "ﾊﾝ": 2, "ＡＢ": 4, "…·": 2} {
		if got := width(s); got != want {
			t.Errorf("width(%q) = %d, want %d", s, got, want)
		}
	}
	if diff := cmp.Diff("夏…", fit("夏目漱石", 4)); diff != "" {
		t.Errorf("fit (-want +got):\n%s", diff)
	}
}

// Forty buckets that fail one check take a few lines, all of them when verbose.
func TestFewLinesPerCheck(t *testing.T) {
	t.Parallel()
	x := newFake()
	check := x.run.Checks[0]
	x.findings = nil
	for i := range 40 {
		x.findings = append(x.findings, publicFinding(check, assize.Fail, ml, "us-east-1", fmt.Sprintf("bucket-%02d", i), false, nil))
	}
	short := x.render(t, "text", Options{})
	if got, want := strings.Count(short, ":::bucket-"), firstShown; got != want {
		t.Errorf("%d buckets shown, want %d", got, want)
	}
	if !strings.Contains(short, "and 35 more") {
		t.Errorf("the rest is not counted:\n%s", short)
	}
	if got, want := strings.Count(x.render(t, "text", Options{Verbose: true}), ":::bucket-"), 40; got != want {
		t.Errorf("verbose: %d buckets shown, want %d", got, want)
	}
}

// However many findings there are, few are held.
func TestTextIsBounded(t *testing.T) {
	t.Parallel()
	x := newFake()
	w := newText(discard{}, Options{Verbose: true}).(*text)
	if err := w.Begin(x.run); err != nil {
		t.Fatal(err)
	}
	for range 2 * maxShown {
		if err := w.Finding(x.findings[0]); err != nil {
			t.Fatal(err)
		}
	}
	b := w.fails[x.findings[0].Check.ID]
	if len(b.findings) != maxShown || b.n != 2*maxShown {
		t.Errorf("%d held of %d, want %d of %d", len(b.findings), b.n, maxShown, 2*maxShown)
	}
}

func TestAdviceForEachCause(t *testing.T) {
	t.Parallel()
	for _, c := range assize.Causes {
		if advice(c, "s3:GetBucketPolicy", nil) == "" {
			t.Errorf("no advice for %q", c)
		}
	}
	got := advice(assize.Denied, "s3:ListBuckets", []string{"s3:ListAllMyBuckets"})
	want := "allow s3:ListAllMyBuckets; run `assize permissions` for the whole policy"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNum(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := num(n); got != want {
			t.Errorf("num(%d) = %q, want %q", n, got, want)
		}
	}
}
