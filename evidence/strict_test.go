package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// FuzzStrict holds the walk over canonical JSON against the writer of it: what is good is exactly what the writer
// would leave as it is.
func FuzzStrict(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `{"a":1}`, `{"a":1,"a":2}`, `{"b":1,"a":2}`, `{"a":1,}`, `{"a" :1}`, `{,}`, `{"a":[1,2,{"b":null}],"c":true,"d":false}`, `{"a":[1,]}`, `{"a":[,]}`,
		`{"a":-0}`, `{"a":+1}`, `{"a":01}`, `{"a":1.0}`, `{"a":1e30}`, `{"a":1e+30}`, `{"a":9007199254740993}`, `{"a":9007199254740992}`, `{"a":.5}`, `{"a":}`,
		`{"a":"\n\u000b\u001f\"\\"}`, `{"a":"\u000a"}`, `{"a":"\u0022"}`, `{"a":"\/"}`, `{"a":"\u000B"}`, `{"a":"\u20ac"}`, `{"a":"\ud800"}`, `{"a":"\`, `{"a":"\u00`,
		`{"a":"\u0020"}`, `{"\n":1,"a":2}`, `{"\u0001":1,"\n":2}`, `{"é":1,"e":2}`, `{"😀":1,"` + "\ue000" + `":2}`, `{"` + "\ue000" + `":1,"😀":2}`, "{\"a\":\"\xff\"}",
		"{\"a\":\"\u2028\x7f\"}", "{\"a\":\"\x00\"}", `{"a":tru}`, `{"a":nul}`, `{"a":truee}`, `{"a"}`, `{"a":1}x`, `{`, `[`, `"`, ``, ` {}`, `{} `, `{"a":{"b":{"c":[[],{}]}}}`,
	} {
		f.Add([]byte(seed))
	}
	for _, depth := range []int{maxDepth - 1, maxDepth, maxDepth + 1} {
		f.Add([]byte(`{"a":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + `}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := readStrictly(data)
		s.value(0)
		want, err := CanonicalJSON(data)
		if good := err == nil && bytes.Equal(want, data); s.done() != good {
			t.Fatalf("%q: the walk finds it good: %t; canonical form %q, %v", data, s.done(), want, err)
		}
	})
}

// TestStrictLines: the fast readers take every line that is written, and say the same of it as a decoder; of
// everything that differs from such a line in a place they say what the decoder says.
func TestStrictLines(t *testing.T) {
	t.Parallel()
	at := int64(17)
	leaf := &Leaf{
		Scope: "2b6e", Sequence: 41, Kind: KindEvidence, Recorded: time.Date(2026, 3, 8, 5, 0, 0, 250_000_000, time.UTC), Actor: "Zoë \"Z\"\n", Subject: "evidence/\u0001",
		Body: json.RawMessage(`{"a":[1,-2.5,1e+30],"b":{"\n":"é\\\u001f","c":null},"d":true,"e":"😀"}`), Digest: DigestOf([]byte("x")),
	}
	text, err := leaf.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	hashes := []Hash{LeafHash([]byte("a")), LeafHash([]byte("b"))}
	for i, test := range []struct {
		line          []byte
		strict, plain func([]byte) (any, bool)
	}{
		{(&BundleFile{Path: "a \"b\"\u007f", Size: 12, SHA256: DigestOf(nil), Leaf: &at}).Bytes(), some(strictFile), plainFile},
		{(&BundleFile{Path: "", Size: -1}).Bytes(), some(strictFile), plainFile},
		{(&BundleLeaf{Index: 3, Leaf: string(text), Hashes: hashes}).Bytes(), some(strictBundleLeaf), plainBundleLeaf},
		{(&BundleLeaf{Index: -3, Hashes: []Hash{}}).Bytes(), some(strictBundleLeaf), plainBundleLeaf},
		{text, some(strictLeaf), plainLeaf},
	} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			if _, ok := test.strict(test.line); !ok {
				t.Fatalf("%s: the fast reader does not take it", test.line)
			}
			for changed := range changes(test.line) {
				got, gotOK := test.strict(changed)
				want, wantOK := test.plain(changed)
				if gotOK != wantOK {
					t.Fatalf("%q: the fast reader takes it: %t; the decoder: %t", changed, gotOK, wantOK)
				}
				if wantOK && !cmp.Equal(got, want) {
					t.Fatalf("%q: %s", changed, cmp.Diff(want, got))
				}
			}
		})
	}
}

// changes yields a line as it is, and at each place of it: with each bit changed, cut off, and with something put in
// before the byte there or in its place.
func changes(line []byte) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		if !yield(line) {
			return
		}
		for i, c := range line {
			all := [][]byte{line[:i]}
			for bit := range 8 {
				all = append(all, slices.Concat(line[:i], []byte{c ^ 1<<bit}, line[i+1:]))
			}
			for _, in := range []string{"", string(rune(c)), " ", "\\", ",", "0", "-", "\xff", `\u0041`, `"a":1,`} {
				all = append(all, slices.Concat(line[:i], []byte(in), line[i:]), slices.Concat(line[:i], []byte(in), line[i+1:]))
			}
			for _, changed := range all {
				if !yield(changed) {
					return
				}
			}
		}
	}
}

// some makes of a reader that gives nil for what it does not take one that says so.
func some[T any](read func([]byte) *T) func([]byte) (any, bool) {
	return func(data []byte) (any, bool) {
		got := read(data)
		return got, got != nil
	}
}

// The readers by way of a decoder alone.

func plainFile(line []byte) (any, bool) {
	f := &BundleFile{}
	return f, json.Unmarshal(line, f) == nil && bytes.Equal(f.Bytes(), line)
}

func plainBundleLeaf(line []byte) (any, bool) {
	l := &BundleLeaf{}
	return l, json.Unmarshal(line, l) == nil && bytes.Equal(l.Bytes(), line)
}

func plainLeaf(data []byte) (any, bool) {
	l, err := decodeLeaf(data)
	return l, err == nil
}
