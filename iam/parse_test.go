package iam

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseErrors(t *testing.T) {
	t.Parallel()
	const open = `{"Statement":{"Effect":"Allow","Action":"s3:Get*"`
	cases := []struct{ doc, want string }{
		{``, `line 1, column 1: expected a JSON value, found the end of the document`},
		{"\ufeff{}", `line 1, column 1: expected a JSON value, found a byte order mark: save the document as UTF-8 without one`},
		{`[]`, `line 1, column 1: expected an object for the policy, found an array`},
		{`{}`, `line 1, column 1: expected a Statement element in the policy`},
		{`{"Statement":[],}`, `line 1, column 17: expected a name in double quotes`},
		{`{"Statement":[]} x`, `line 1, column 18: expected the end of the document`},
		{"{\n \"Statement\": [],\n  \"Statement\": []}", `line 3, column 3: duplicate key "Statement": expected each name once`},
		{"{\n \"Statment\": []}", `line 2, column 2: unknown element "Statment": expected Version, Id or Statement`},
		{`{"Version":"2012-10-18","Statement":[]}`, `line 1, column 12: expected Version "2012-10-17" or "2008-10-17", found "2012-10-18"`},
		{`{"Version":20121017,"Statement":[]}`, `line 1, column 12: expected a string for Version, found a number`},
		{`{"Statement":"x"}`, `line 1, column 14: expected an object or an array for Statement, found a string`},
		{`{"Statement":[1]}`, `line 1, column 15: expected an object for a statement, found a number`},
		{`{"Statement":{"Effect":"allow"}}`, `line 1, column 24: expected Effect "Allow" or "Deny", found "allow"`},
		{`{"Statement":{"Action":"*"}}`, `line 1, column 14: expected an Effect element in the statement`},
		{`{"Statement":{"Effect":"Deny"}}`, `line 1, column 14: expected an Action or NotAction element in the statement`},
		{open + `,"NotAction":"*"}}`, `line 1, column 14: expected Action or NotAction in the statement, found both`},
		{open + `,"Resource":"*","NotResource":"*"}}`, `line 1, column 14: expected Resource or NotResource in the statement, found both`},
		{open + `,"Resource":[]}}`, `line 1, column 62: expected at least one value for Resource`},
		{open + `,"Resource":["a",""]}}`, `line 1, column 67: expected a pattern for Resource, found an empty string`},
		{open + `,"Resource":[["a"]]}}`, `line 1, column 63: expected a string for Resource, found an array`},
		{open + `,"Resource":"` + strings.Repeat("*a", 40_000) + `"}}`, `line 1, column 62: expected at most 65536 bytes in a value of Resource, found 80000`},
		{open + `,"Resource":null}}`, `line 1, column 62: expected a string or an array for Resource, found null`},
		{open + `,"Principal":"AWS"}}`, `line 1, column 63: expected "*" or an object for Principal`},
		{open + `,"Principal":{"User":"x"}}}`, `line 1, column 64: unknown principal type "User": expected AWS, Service, Federated or CanonicalUser`},
		{open + `,"Condition":{"StringEqual":{"a":"b"}}}}`, `line 1, column 64: unknown condition operator "StringEqual"`},
		{open + `,"Condition":{"ForAnyValues:StringEquals":{"a":"b"}}}}`, `line 1, column 64: unknown condition operator "ForAnyValues:StringEquals"`},
		{open + `,"Condition":{"NullIfExists":{"a":"true"}}}}`, `line 1, column 64: unknown condition operator "NullIfExists"`},
		{open + `,"Condition":{"Bool":"true"}}}`, `line 1, column 71: expected an object for the keys of Bool, found a string`},
		{open + `,"Condition":{"Bool":{"a":null}}}}`, `line 1, column 76: expected a string, a boolean or a number or an array for a, found null`},
		{`{"é":"` + "\x01" + `"}`, `line 1, column 7: control character in a string: expected an escape`},
		{"{\"a\":\"\xff\"}", `line 1, column 7: invalid UTF-8 in a string`},
		{`{"a":"\ud800"}`, `line 1, column 7: expected \u with four hexadecimal digits and paired surrogates`},
		{`{"a":"\x"}`, `line 1, column 7: expected an escape sequence of JSON`},
		{`{"a":"b`, `line 1, column 6: string is not closed: expected '"'`},
		{`{"a":01}`, `line 1, column 7: expected ',' or '}'`},
		{`{"a":-}`, `line 1, column 7: expected a digit`},
		{`{"a":1.}`, `line 1, column 8: expected a digit`},
		{`{"a":tru}`, `line 1, column 6: expected a JSON value`},
		{strings.Repeat("[", 40), `line 1, column 17: nested deeper than 16 levels`},
	}
	for _, c := range cases {
		_, err := Parse([]byte(c.doc))
		if err == nil {
			t.Errorf("%s: got no error, want %s", c.doc, c.want)
			continue
		}
		if diff := cmp.Diff(c.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.doc, diff)
		}
		var at *ParseError
		if !errors.As(err, &at) {
			t.Errorf("%s: got %T, want *ParseError", c.doc, err)
		}
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"Statement":[]}`)
	if _, err := ParseWithin(doc, Limits{MaxBytes: len(doc)}); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := ParseWithin(doc, Limits{MaxBytes: len(doc) - 1}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond the limit: got %v, want %v", err, ErrTooLarge)
	}
	if _, err := Parse(make([]byte, DefaultMaxBytes+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("beyond the default: got %v, want %v", err, ErrTooLarge)
	}
}

const everyForm = `{"Version":"2012-10-17","Id":"i \"\\\u0001é","Statement":[` +
	`{"Sid":"a","Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*"},` +
	`{"Sid":"","Effect":"Deny","NotPrincipal":{"AWS":["111122223333","arn:aws:iam::111122223333:root"],"Service":"x.amazonaws.com"},` +
	`"NotAction":["s3:*","iam:*"],"NotResource":["arn:aws:s3:::b"],` +
	`"Condition":{"Bool":{"aws:SecureTransport":false},"NumericLessThan":{"s3:TlsVersion":1.2},"ForAllValues:StringLike":{"aws:TagKeys":["a","b"],"x:y":[]}}},` +
	`{"Effect":"Allow","Principal":{"Federated":"f","CanonicalUser":"c"},"Action":["a:b"],"Condition":{}}]}`

func TestPrintGivesBackWhatWasRead(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		everyForm,
		`{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		`{"Statement":[]}`,
	} {
		if diff := cmp.Diff(doc, mustParse(t, doc).String()); diff != "" {
			t.Errorf("round trip (-want +got):\n%s", diff)
		}
	}
}

func TestParseEncoded(t *testing.T) {
	t.Parallel()
	plain := mustParse(t, everyForm).String()
	for _, doc := range []string{url.PathEscape(everyForm), strings.ReplaceAll(url.QueryEscape(everyForm), "+", "%20"), everyForm, " " + everyForm} {
		p, err := ParseEncoded(doc)
		if err != nil {
			t.Fatalf("parse %s: %v", doc, err)
		}
		if diff := cmp.Diff(plain, p.String()); diff != "" {
			t.Errorf("encoded (-want +got):\n%s", diff)
		}
	}
	for _, doc := range []string{"%7", "%zz", "%7B%22"} {
		if _, err := ParseEncoded(doc); err == nil {
			t.Errorf("%s: got no error", doc)
		}
	}
}

func TestPositionsAndAccessors(t *testing.T) {
	t.Parallel()
	p := mustParse(t, "{\"Version\":\"2012-10-17\",\n\"Statement\":[\n  {\"Sid\":\"é\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}, {\"Effect\":\"Deny\",\"NotAction\":[\"a:b\"],\"Principal\":{\"AWS\":\"*\"},\"Condition\":{\"Null\":{\"k\":\"true\"}}}]}")
	got := []Position{p.Statement(0).Position(), p.Statement(1).Position()}
	want := []Position{{Offset: 41, Line: 3, Column: 3}, {Offset: 100, Line: 3, Column: 61}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	s := p.Statement(1)
	actions, negated := s.Actions()
	if diff := cmp.Diff([]string{"a:b"}, actions); diff != "" || !negated {
		t.Errorf("actions (-want +got), negated %v:\n%s", negated, diff)
	}
	principals, negated := s.Principals()
	if diff := cmp.Diff([]PrincipalEntry{{"AWS", "*"}}, principals); diff != "" || negated {
		t.Errorf("principals (-want +got), negated %v:\n%s", negated, diff)
	}
	if diff := cmp.Diff([]ConditionEntry{{"Null", "k", []string{"true"}}}, s.Conditions()); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if p.Version() != Version2012 || mustParse(t, `{"Statement":[]}`).Version() != Version2008 {
		t.Errorf("versions: got %s and %s", p.Version(), mustParse(t, `{"Statement":[]}`).Version())
	}
}
