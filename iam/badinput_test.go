package iam

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// large repeats a piece until a document has about ten megabytes.
func large(before, piece, after string) string {
	return before + strings.Repeat(piece, 10<<20/len(piece)) + after
}

// TestLargeDocuments: ten megabytes are refused at once, and where a caller allows them they end soon, in a policy
// or in an error with its position, and take memory in proportion.
func TestLargeDocuments(t *testing.T) {
	const statement = `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"a:b":"c*"}}},`
	documents := map[string]string{
		"statements in one line":  large(`{"Statement":[`, statement, `{"Effect":"Deny","Action":"*","Resource":"*"}]}`),
		"statements in lines":     large(`{"Statement":[`, statement+"\n", `{"Effect":"Deny","Action":"*","Resource":"*"}]}`),
		"long patterns":           large(`{"Statement":{"Effect":"Allow","Action":"*","Resource":["`, strings.Repeat("*a:", 20_000)+`","`, `"]}}`),
		"one text":                large(`{"Statement":{"Effect":"Allow","Action":"`, "a", `","Resource":"*"}}`),
		"stars":                   large(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"`, "*a:", `"}}`),
		"actions":                 large(`{"Statement":{"Effect":"Allow","Action":["`, `s3:Get*","`, `"]}}`),
		"variables":               large(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::`, "${a:b}", `"}}`),
		"variables that are none": large(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::`, "${", `"}}`),
		"quotes in variables":     large(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::`, "${a,'", `"}}`),
		"open arrays":             large("", "[", ""),
		"open objects":            large("", `{"a":`, ""),
		"one key again and again": large(`{`, `"Version":"2012-10-17",`, `"a":1}`),
		"keys":                    large(`{"Statement":{"Effect":"Allow","Action":"*","Condition":{"Bool":{`, `"\u00e9":"true",`, `"b":1}}}}`),
		"white space":             large("", " ", "x"),
		"line breaks":             large("", "\n", "x"),
		"backslashes":             large(`{"Statement":"`, `\\`, ""),
	}
	for name, doc := range documents {
		_, err := Parse([]byte(doc))
		var at *ParseError
		if !errors.Is(err, ErrTooLarge) || !errors.As(err, &at) || at.Position.Offset != DefaultMaxBytes || at.Position.Line < 1 {
			t.Errorf("%s: got %v, want it refused for its size, with the place", name, err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err = ParseWithin([]byte(doc), Limits{MaxBytes: 16 << 20})
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		if err != nil && (!errors.As(err, &at) || at.Position.Line == 0) {
			t.Errorf("%s: got %v, want an error with its position", name, err)
		}
		perByte := float64(after.TotalAlloc-before.TotalAlloc) / float64(len(doc))
		if perByte > 1000 {
			t.Errorf("%s: allocated %.0f bytes a byte, want at most 1000", name, perByte)
		}
		t.Logf("%s: %s, %.0f bytes a byte", name, took, perByte)
	}
}

// TestPositionsInOneLine: positions are counted on from the last one, and must be those counted from the start.
func TestPositionsInOneLine(t *testing.T) {
	t.Parallel()
	doc := `{"Statement":[` + strings.Repeat(`{"Sid":"é","Effect":"Allow","Action":"*"},`, 50) + "\n" + `{"Effect":"Deny","Action":"*"}]}`
	p := mustParse(t, doc)
	for i := range p.Len() {
		got := p.Statement(i).Position()
		before := doc[:got.Offset]
		want := fmt.Sprintf("line %d, column %d", 1+strings.Count(before, "\n"), 1+len([]rune(before[strings.LastIndexByte(before, '\n')+1:])))
		if got.String() != want || doc[got.Offset] != '{' {
			t.Errorf("statement %d: got %s, want %s", i, got, want)
		}
	}
}
