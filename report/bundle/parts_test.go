package bundle

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

func TestSlug(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"AI platform, production": "AI_platform_production", "": "x", "...": "x", "../../etc": "etc", "con": "x_con", "NUL.txt": "x_NUL.txt",
		"日本語": "x", "a/b\\c:d": "a_b_c_d", "-rf": "rf", "com1.x": "x_com1.x", "Straße": "Stra_e", "trailing.": "trailing",
		strings.Repeat("long", 20): strings.Repeat("long", 10),
	} {
		if got := slug(in, 40); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestEnding(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ ext, media, want string }{
		{".PDF", "application/pdf", ".pdf"},
		{".html", "text/html", ".html.txt"},
		{".svg", "image/svg+xml", ".svg.txt"},
		{"", "application/json", ".json"},
		{"", "text/plain; charset=utf-8", ".txt"},
		{"", "application/octet-stream", ".bin"},
		{".exe", "application/json", ".exe.txt"},
		{".a very long ending", "", ".a_very.txt"},
		{".", "", ".bin"},
	} {
		if got := ending(test.ext, test.media); got != test.want {
			t.Errorf("%q of %q: got %q, want %q", test.ext, test.media, got, test.want)
		}
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	taken := map[string]int{}
	var got []string
	for _, name := range []string{"a/b.json", "a/B.json", "a/b-2.json", "a/b.json", "a/c"} {
		got = append(got, unique(taken, name))
	}
	if diff := cmp.Diff([]string{"a/b.json", "a/B-2.json", "a/b-2-2.json", "a/b-3.json", "a/c"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestVerdict: nothing but a pass is compliant; where there is nothing to judge, nothing is in doubt.
func TestVerdict(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"pass": "Compliant", "fail": "Non-compliant", "inconclusive": "Inconclusive", "manual": "Inconclusive", "not_applicable": "Not applicable", "": "Inconclusive",
	}
	for _, o := range append([]assize.Outcome{""}, assize.Outcomes...) {
		if got := verdict(string(o)); got != want[string(o)] {
			t.Errorf("%q: got %s, want %s", o, got, want[string(o)])
		}
	}
}

func daysAt(dates ...string) []day {
	var out []day
	for _, date := range dates {
		at, err := time.Parse(dayLayout, date)
		if err != nil {
			panic(err)
		}
		out = append(out, day{date, at, tally{compliant: 1}})
	}
	return out
}

func TestBuckets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		days        []day
		bars        int
		first, last string
	}{
		{"none", nil, 0, "", ""},
		{"a day", daysAt("2026-03-01"), 1, "2026-03-01", "2026-03-01"},
		{"days without evidence have a bar", daysAt("2026-02-27", "2026-03-02"), 4, "2026-02-27", "2026-03-02"},
		{"weeks", daysAt("2026-01-01", "2026-06-30"), 27, "week of 2025-12-29", "week of 2026-06-29"},
		{"months", daysAt("2024-01-31", "2026-03-01"), 27, "2024-01", "2026-03"},
		{"years", daysAt("2010-12-31", "2026-01-01"), 17, "2010", "2026"},
	} {
		got := bucketsOf(test.days)
		all := 0
		for i := range got {
			all += got[i].all()
		}
		if len(got) != test.bars || all != len(test.days) || len(got) > 0 && (got[0].label != test.first || got[len(got)-1].label != test.last) {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

// TestSheets: rows beyond what a sheet holds go on in the next one.
func TestSheets(t *testing.T) {
	t.Parallel()
	table := &table{heading: []string{"n"}, widths: []int{5}, rows: func(yield func([]string) error) error {
		for i := range 10 {
			if err := yield([]string{fmt.Sprintf("row-%d", i)}); err != nil {
				return err
			}
		}
		return nil
	}}
	var got []string
	for skip := 0; skip >= 0; {
		var out bytes.Buffer
		var err error
		if skip, err = table.sheet(&out, skip, 5); err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(strings.Count(out.String(), "row-"), " to row ", skip))
	}
	if diff := cmp.Diff([]string{"4 to row 4", "4 to row 8", "2 to row -1"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestLiteral: text that looks like a spreadsheet's code of a character stays that text.
func TestLiteral(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain_x": "plain_x", "a_x001B_b": "a_x005F_x001B_b", "_x003d_1": "_x005F_x003d_1", "_x00_": "_x00_", "_x0041_x0042_": "_x005F_x0041_x005F_x0042_",
		"_x005F_x0041_": "_x005F_x005F_x005F_x0041_",
	} {
		if got := literal(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestEncode: a character that the fonts do not have is never shown as another.
func TestEncode(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain": "plain", "Grüße": "Gr\xfc\xdfe", "€ “x” – …": "\x80 \x93x\x94 \x96 \x85", "日": `\u65e5`, "😀": `\U0001f600`, "\x1bn": `\u001bn`, "Žž": "\x8e\x9e",
	} {
		if got := encode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestDosTime(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{time.Date(2026, 4, 11, 6, 1, 59, 0, time.UTC), time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)} {
		var out bytes.Buffer
		a := newArchive(&out, "a/b/", at)
		if err := a.file("x", func(w io.Writer) error { _, err := w.Write([]byte("x")); return err }); err != nil {
			t.Fatal(err)
		}
		if err := a.zip.Close(); err != nil {
			t.Fatal(err)
		}
		r, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		want := at.Truncate(2 * time.Second)
		if at.Year() < 1980 {
			want = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		if got := r.File[0].Modified; !got.Equal(want) {
			t.Errorf("%s: got %s", at, got)
		}
	}
}

// TestCounts: what was not applicable is counted apart from what could not be decided, and bars keep both.
func TestCounts(t *testing.T) {
	t.Parallel()
	days := daysAt("2026-11-01")
	days[0].tally = tally{}
	for _, o := range assize.Outcomes {
		days[0].add(&item{common: &common{outcome: string(o)}}, false)
	}
	want := tally{compliant: 1, nonCompliant: 1, inconclusive: 2, notApplicable: 1}
	bars := bucketsOf(days)
	if len(bars) != 1 || bars[0].tally != want || days[0].all() != len(assize.Outcomes) {
		t.Errorf("got %+v of %d, want one bar of %+v", bars, days[0].all(), want)
	}
}
