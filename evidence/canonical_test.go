package evidence_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/evidence"
)

// TestCanonicalNumbers: the samples of RFC 8785, appendix B, as IEEE 754 bits.
func TestCanonicalNumbers(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint64]string{
		0x0000000000000000: "0", 0x8000000000000000: "0", 0x0000000000000001: "5e-324", 0x8000000000000001: "-5e-324",
		0x7fefffffffffffff: "1.7976931348623157e+308", 0xffefffffffffffff: "-1.7976931348623157e+308",
		0x4340000000000000: "9007199254740992", 0xc340000000000000: "-9007199254740992", 0x4430000000000000: "295147905179352830000",
		0x44b52d02c7e14af5: "9.999999999999997e+22", 0x44b52d02c7e14af6: "1e+23", 0x44b52d02c7e14af7: "1.0000000000000001e+23",
		0x444b1ae4d6e2ef4e: "999999999999999700000", 0x444b1ae4d6e2ef4f: "999999999999999900000", 0x444b1ae4d6e2ef50: "1e+21",
		0x3eb0c6f7a0b5ed8c: "9.999999999999997e-7", 0x3eb0c6f7a0b5ed8d: "0.000001",
		0x41b3de4355555553: "333333333.3333332", 0x41b3de4355555554: "333333333.33333325", 0x41b3de4355555555: "333333333.3333333",
		0x41b3de4355555556: "333333333.3333334", 0x41b3de4355555557: "333333333.33333343",
		0xbecbf647612f3696: "-0.0000033333333333333333", 0x43143ff3c1cb0959: "1424953923781206.2",
	} {
		text := strconv.FormatFloat(math.Float64frombits(bits), 'e', 20, 64)
		got, err := evidence.CanonicalJSON([]byte(text))
		if err != nil || string(got) != want {
			t.Errorf("%016x: got %s, %v; want %s", bits, got, err, want)
		}
		if again, err := evidence.CanonicalJSON(got); err != nil || string(again) != want {
			t.Errorf("%016x: the canonical form %s becomes %s, %v", bits, got, again, err)
		}
	}
}

// TestCanonical: the samples of RFC 8785, sections 3.2.2 and 3.2.3, and what it says of texts.
func TestCanonical(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{
			"section 3.2.2",
			`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
			"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
		},
		{
			"section 3.2.3",
			`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",` +
				`"\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
			`{"\r":"Carriage Return","1":"One","` + "\u0080" + `":"Control","ö":"Latin Small Letter O With Diaeresis",` +
				`"€":"Euro Sign","😀":"Emoji: Grinning Face","` + "\ufb33" + `":"Hebrew Letter Dalet With Dagesh"}`,
		},
		{"escapes", `"\b\t\n\f\r\u0001\u001f\u007f<>&\u2028"`, `"\b\t\n\f\r\u0001\u001f` + "\u007f<>&\u2028" + `"`},
		{"empty", ` { "a" : [ ] , "b" : { } } `, `{"a":[],"b":{}}`},
		{"largest integer", `9007199254740992`, `9007199254740992`},
	} {
		got, err := evidence.CanonicalJSON([]byte(test.in))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a":1,"a":2}`:    "stands twice",
		`9007199254740993`: "beyond 2^53",
		"\"\xff\"":         "not UTF-8",
		`{} {}`:            "after top-level value",
		`1e400`:            "number",
		strings.Repeat("[", 100) + strings.Repeat("]", 100): "deeper",
		`{"a":`:                    "unexpected end",
		`{"\u0061":1,"a":2}`:       "stands twice",
		`[1,]`:                     "invalid",
		`-9007199254740993`:        "beyond 2^53",
		`"\ud800"`:                 "surrogate",
		`{"a":"\udc00 and more"}`:  "surrogate",
		`123456789012345678901234`: "beyond 2^53",
	} {
		if got, err := evidence.CanonicalJSON([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %s, %v; want an error with %q", in, got, err, want)
		}
	}
}
