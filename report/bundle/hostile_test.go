package bundle_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/assize-dev/assize/internal/reportcase"
)

// attack is text that would do something in some format were it not data.
const attack = "=HYPERLINK(\"http://x\",\"y\");=1+1 \x1b[31mred\u202egnp.exe\u200b\u2028\r\n\ttab " +
	"<script>alert(1)</script>\"><img src=x onerror=alert(1)>' onmouseover='x</style></title><!--]]>&lt;" +
	"/../..\\con{0}(\\)) Tj /JavaScript (app.alert(1)) \U0001f600 日本語"

// hostileFiles are the contents of a bundle in which every text from outside is the attack.
func hostileFiles(t *testing.T) map[string][]byte {
	t.Helper()
	ctx := t.Context()
	m := write(ctx, t, newCase(ctx, t, reportcase.Options{Items: 40, Days: 2, Controls: 4, BodySize: 100, Text: attack}), true)
	check(t, m)
	out := map[string][]byte{}
	for name, f := range m.files(t) {
		out[name] = contents(t, f)
		path(t, m.result.Folder+name)
	}
	return out
}

func contents(t *testing.T, f *zip.File) []byte {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

var partOfPath = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$`)

// path checks that a name can be unpacked everywhere.
func path(t *testing.T, name string) {
	t.Helper()
	if len(name) > 196 {
		t.Errorf("%s has %d characters", name, len(name))
	}
	for _, part := range strings.Split(name, "/") {
		stem, _, _ := strings.Cut(strings.ToLower(part), ".")
		if !partOfPath.MatchString(part) || stem == "con" || stem == "nul" {
			t.Errorf("%s: %q is no harmless name", name, part)
		}
	}
}

// TestHostile: what comes from outside stays text in every format.
func TestHostile(t *testing.T) {
	t.Parallel()
	files := hostileFiles(t)
	pages := 0
	for name, data := range files {
		switch {
		case strings.HasSuffix(name, ".html"):
			pages++
			harmlessPage(t, name, string(data))
		case strings.HasSuffix(name, "s.csv"), name == "evidence.csv":
			harmlessTable(t, name, data)
		case name == "report.xlsx":
			harmlessWorkbook(t, data)
		case name == "AssessmentReportSummary.pdf":
			harmlessPDF(t, data)
		case strings.HasSuffix(name, ".json"):
			if !json.Valid(data) {
				t.Errorf("%s is no JSON", name)
			}
		case name == "README.txt", name == "VERIFY.md":
			harmlessText(t, name, string(data))
		}
	}
	if pages != 5 {
		t.Errorf("%d pages, want those of 4 controls and the report", pages)
	}
}

func harmlessText(t *testing.T, name, s string) {
	t.Helper()
	for _, r := range s {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s has the character %U", name, r)
			return
		}
	}
}

var (
	tag       = regexp.MustCompile(`<[^>]*>`)
	goodTag   = regexp.MustCompile(`^<(/?[a-z][a-z0-9]*|!DOCTYPE html)( [a-zA-Z-]+="[^"<>]*")*/?>$`)
	dangerous = regexp.MustCompile(`(?i)^<(script|img|iframe|object|embed|form|input|base|link)\b| on[a-z]+=|javascript:`)
	style     = regexp.MustCompile(`(?s)<style>.*?</style>`)
)

func harmlessPage(t *testing.T, name, page string) {
	t.Helper()
	rest := style.ReplaceAllString(page, "")
	harmlessText(t, name, rest)
	for _, x := range tag.FindAllString(rest, -1) {
		if !goodTag.MatchString(x) || dangerous.MatchString(strings.ReplaceAll(x, "&#34;", `"`)) && !strings.Contains(x, "aria-label") {
			t.Errorf("%s: tag %.200s", name, x)
		}
	}
	if strings.ContainsAny(tag.ReplaceAllString(rest, ""), "<>") {
		t.Errorf("%s has an angle bracket outside a tag", name)
	}
	for _, want := range []string{`<html lang="en">`, `<main id="main">`, "<h1>", "<title>", "default-src 'none'", `scope="col"`, "<caption>"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
}

func harmlessTable(t *testing.T, name string, data []byte) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			harmlessText(t, name, cell)
			for part := range strings.SplitSeq(cell, ";") {
				if trimmed := strings.TrimLeft(part, ` "`); trimmed != "" && strings.ContainsRune("=+-@", rune(trimmed[0])) {
					t.Errorf("%s: the cell %q is a formula", name, cell)
				}
			}
		}
	}
}

func harmlessWorkbook(t *testing.T, data []byte) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, f := range archive.File {
		for dec := xml.NewDecoder(bytes.NewReader(contents(t, f))); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			start, ok := token.(xml.StartElement)
			if ok && (start.Name.Local == "f" || start.Name.Local == "hyperlink") {
				t.Errorf("%s has the element %s", f.Name, start.Name.Local)
			}
			if ok && start.Name.Local == "row" {
				rows[f.Name]++
			}
		}
	}
	// A heading and a line each: 4 controls; 40 items of which 8 serve two controls, and one of a person.
	if rows["xl/worksheets/sheet1.xml"] != 5 || rows["xl/worksheets/sheet2.xml"] != 50 {
		t.Errorf("rows %v: want 5 and 50", rows)
	}
}

func harmlessPDF(t *testing.T, data []byte) {
	t.Helper()
	outside := regexp.MustCompile(`(?s)stream\r?\n.*?endstream`).ReplaceAll(data, nil)
	for _, word := range []string{"/JavaScript", "/JS", "/OpenAction", "/Launch", "/URI", "/Type /EmbeddedFile"} {
		for line := range bytes.Lines(outside) {
			// In a text, between brackets, it does nothing.
			if i := bytes.Index(line, []byte(word)); i >= 0 && !bytes.Contains(line[:i], []byte("(")) {
				t.Errorf("the PDF has %s: %.200s", word, line)
			}
		}
	}
}
