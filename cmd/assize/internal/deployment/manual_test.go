package deployment

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
)

// archiveOf is a ZIP with an empty file of each name.
func archiveOf(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, n := range names {
		if _, err := w.Create(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMediaType: a file is what its name says, or it is refused.
func TestMediaType(t *testing.T) {
	t.Parallel()
	const refused = ""
	document := archiveOf(t, "[Content_Types].xml", "word/document.xml")
	tests := []struct{ name, content, want string }{
		{"a.pdf", "%PDF-1.7 …", "application/pdf"},
		{"a.PDF", "%PDF-1.7 …", "application/pdf"},
		{"a.pdf", "MZ\x90", refused},
		{"a.txt", "a text, ä, \t\n", "text/plain; charset=utf-8"},
		{"a.txt", "\xff\xfe", refused},
		{"a.txt", "null \x00 byte", refused},
		{"a.txt", strings.Repeat("ä", 200_000), "text/plain; charset=utf-8"},
		{"a.txt", strings.Repeat("a", 200_000) + "\x00", refused},
		{"a.exe", "MZ", refused},
		{"a", "text", refused},
		{"a.txt", "", refused},
		{"a.json", `{"a": [1, 2]}`, "application/json"},
		{"a.json", `{"a": `, refused},
		{"a.json", `text`, refused},
		{"a.json", strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000), "application/json"},
		{"a.json", strings.Repeat(`{"a":[`, 10_000) + strings.Repeat("]}", 10_000), refused},
		{"a.csv", "a,b\n1,2\n", "text/csv; charset=utf-8"},
		{"a.html", "<html><script>alert(1)</script></html>", "text/plain; charset=utf-8"},
		{"a.svg", `<?xml version="1.0"?><svg onload="x"/>`, "text/plain; charset=utf-8"},
		{"a.svg", "<html></html>", refused},
		{"a.xml", "\xef\xbb\xbf <a/>", "text/plain; charset=utf-8"},
		{"a.xml", "no markup", refused},
		{"a.png", "\x89PNG\r\n\x1a\n…", "image/png"},
		{"a.png", "\xff\xd8\xff…", refused},
		{"a.jpg", "\xff\xd8\xff…", "image/jpeg"},
		{"a.docx", document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"a.xlsx", document, refused},
		{"a.docx", "PK\x03\x04 torn", refused},
		{"a.zip", document, "application/zip"},
		{"a.gz", "\x1f\x8b\x08…", "application/gzip"},
		{"a.cer", "-----BEGIN CERTIFICATE-----\n", "application/pkix-cert"},
		{"a.rtf", `{\rtf1}`, "application/rtf"},
		{"a.doc", oleStart, "application/msword"},
	}
	for _, tt := range tests {
		path := filepath.Join(t.TempDir(), tt.name)
		if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := MediaType(path)
		if got != tt.want || (err == nil) == (tt.want == refused) {
			t.Errorf("%s with %.20q: got %q, %v, want %q", tt.name, tt.content, got, err, tt.want)
		}
	}
	large := filepath.Join(t.TempDir(), "large.txt")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, MaxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, err := MediaType(large); err == nil || !strings.Contains(err.Error(), "more than 100 MB") {
		t.Errorf("got %v, want that it is too large", err)
	}
	if _, err := MediaType(t.TempDir() + "/"); err == nil {
		t.Error("a folder was taken")
	}
}

// TestAnswers: every answer is held against its question, in rows too.
func TestAnswers(t *testing.T) {
	t.Parallel()
	schema := &assize.RecordSchema{ID: "review", Fields: []assize.RecordField{
		{Name: "who", Title: "Who", Type: "person", Required: true},
		{Name: "when", Title: "When", Type: "date"},
		{Name: "how", Title: "How", Type: "choice", Choices: []string{"read", "run"}},
		{Name: "parts", Title: "Parts", Type: "choices", Choices: []string{"a", "b"}},
		{Name: "good", Title: "Good", Type: "bool"},
		{Name: "share", Title: "Share", Type: "number"},
		{Name: "model", Title: "Model", Type: "resource"},
		{Name: "page", Title: "Page", Type: "link"},
		{Name: "rows", Title: "Rows", Type: "rows", Fields: []assize.RecordField{{Name: "n", Title: "N", Type: "number", Required: true}}},
	}}
	tests := []struct {
		name    string
		answers map[string]any
		// want are parts of the error; none: the answers are right.
		want []string
	}{
		{"all", map[string]any{
			"who": "ann", "when": "2026-11-21", "how": "read", "parts": []any{"a", "b"}, "good": false, "share": 0.5,
			"model": "arn:aws:bedrock:…", "page": "https://example.com/x", "rows": []any{map[string]any{"n": 1}},
		}, nil},
		{"a day as YAML reads it", map[string]any{"who": "ann", "when": time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}, nil},
		{"nothing", map[string]any{}, []string{"who: it must be answered"}},
		{"empty", map[string]any{"who": ""}, []string{"who: it must be answered"}},
		{"blank", map[string]any{"who": " \n\t"}, []string{"who: it must be answered"}},
		{"another question", map[string]any{"who": "ann", "what": 1}, []string{"what: there is no such question"}},
		{"all wrong", map[string]any{
			"who": 1, "when": "soon", "how": "guess", "parts": []any{"c"}, "good": "yes", "share": "half", "model": "x", "page": "y",
			"rows": []any{map[string]any{}, 7},
		}, []string{
			"who: want a text", "when: want a day", "how: want one of read, run", "parts: want a list of a, b", "good: want true or false",
			"share: want a number", "model: want an ARN", "page: want a link", "rows[0].n: it must be answered", "rows[1]: want a row",
		}},
		{"no rows", map[string]any{"who": "ann", "rows": "x"}, []string{"rows: want a list of rows"}},
	}
	for _, tt := range tests {
		err := checkAnswers(schema, tt.answers)
		if (err == nil) != (len(tt.want) == 0) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
		for _, part := range tt.want {
			if err != nil && !strings.Contains(err.Error(), part) {
				t.Errorf("%s: got %v, want that it says %q", tt.name, err, part)
			}
		}
	}
}

// TestNothingChosen: a list of no choices and no rows do not answer what must be answered; where it need not be, they may.
func TestNothingChosen(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"choices", "rows"} {
		schema := &assize.RecordSchema{ID: "review", Fields: []assize.RecordField{{Name: "x", Title: "X", Type: kind, Choices: []string{"a"}}}}
		for _, required := range []bool{false, true} {
			schema.Fields[0].Required = required
			if err := checkAnswers(schema, map[string]any{"x": []any{}}); (err != nil) != required {
				t.Errorf("%s, required %t: got %v", kind, required, err)
			}
		}
	}
}

// TestNothingGiven: a blank text or statement is no evidence.
func TestNothingGiven(t *testing.T) {
	t.Parallel()
	for _, g := range []Given{{}, {Text: " \n"}, {Statement: "\t "}, {Text: "x", Statement: "y"}} {
		if _, err := (&Deployment{}).body(t.Context(), "a", "ann", &g); err == nil {
			t.Errorf("%+v was taken", g)
		}
	}
}
