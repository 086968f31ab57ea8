package terraform

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// FuzzJSON holds that what is taken for JSON is what encoding/json takes, and means
// the same; only fields that stand twice, which it takes, are refused.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,-0,1.5e3,true,null,"\u00fc\n"]}`, `[[],{}]`, `{"b":1,"a":2}`, `01`, `1.`, `"\ud800"`, `{"a":1,}`, `nul`, `{"a":1,"a":2}`, "\"\x01\"", `-`, `1e400`,
		`{"a":1 "b":2}`, `[1 2]`, `"\x"`, `{"a\\":"}","b":["\"]",{}]}`, `["\\\\","\\\""]`, `{1:2}`, strings.Repeat("8", 400), `[-1e400]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parseJSON(data, nil)
		var want any
		numbers := json.NewDecoder(bytes.NewReader(data))
		numbers.UseNumber()
		dec := numbers.Decode(&want)
		if dec == nil && !json.Valid(data) {
			dec = errors.New("more follows")
		}
		if err == nil && dec != nil {
			t.Fatalf("%q is taken, but it is no JSON: %v", data, dec)
		}
		if err != nil && dec == nil && !strings.Contains(err.Error(), "twice") && !strings.Contains(err.Error(), "so large that") && !strings.Contains(err.Error(), "nested deeper") {
			t.Fatalf("%q is refused, but it is JSON: %v", data, err)
		}
		passed := &scanner{data: data}
		text, passErr := passed.skip()
		if passed.space(); passErr == nil && passed.pos == len(data) && dec != nil {
			t.Fatalf("%q is passed over, but it is no JSON: %v", data, dec)
		}
		if err != nil || dec != nil {
			return
		}
		if diff := cmp.Diff(plainValue(want), got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", data, diff)
		}
		if passErr != nil {
			t.Fatalf("%q cannot be passed over: %v", data, passErr)
		}
		if again, _ := (&scanner{data: data, checked: true}).skip(); !bytes.Equal(text, again) {
			t.Fatalf("%q: passed over as %q, and as %q once it is checked", data, text, again)
		}
	})
}

// plainValue is a decoded value as the scanner gives it.
func plainValue(v any) assize.Value {
	switch x := v.(type) {
	case json.Number:
		if i, err := x.Int64(); err == nil {
			return i
		}
		f, _ := x.Float64() // checked by the caller: what does not fit is refused
		return f
	case []any:
		list := assize.List{}
		for _, e := range x {
			list = append(list, plainValue(e))
		}
		return list
	case map[string]any:
		fields := map[string]assize.Value{}
		for name, e := range x {
			if e != nil {
				fields[name] = plainValue(e)
			}
		}
		return assize.NewObject(fields)
	}
	return v
}

// TestAddress holds that keys may hold whatever an address is made of.
func TestAddress(t *testing.T) {
	t.Parallel()
	text := func(s string) instanceKey { return instanceKey{textKey, s} }
	tests := []struct {
		address string
		want    []segment
	}{
		{"aws_s3_bucket.b", []segment{{name: "aws_s3_bucket"}, {name: "b"}}},
		{"aws_s3_bucket.b[10].id", []segment{{name: "aws_s3_bucket"}, {"b", instanceKey{numberKey, "10"}}, {name: "id"}}},
		{`module.b["t\"2]"].x.v["a.b"]`, []segment{{name: "module"}, {"b", text(`t"2]`)}, {name: "x"}, {"v", text("a.b")}}},
		{`var.m["a"]["b"].c`, []segment{{name: "var"}, {"m", text("a")}, {"", text("b")}, {name: "c"}}},
		{`module.m["$${x}"].id`, []segment{{name: "module"}, {"m", text("${x}")}, {name: "id"}}},
		{`a.b[`, []segment{{name: "a"}, {name: "b"}}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, parseAddress(tt.address), cmp.AllowUnexported(segment{}, instanceKey{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.address, diff)
		}
	}
	for _, key := range []string{"a", `q"[0]`, "a.b", "${x}", "tab\t", `back\slash`} {
		address := moduleAddress([]segment{{"m", text(key)}})
		if got := moduleSteps(address + ".aws_s3_bucket.b"); len(got) != 1 || got[0].key.text != key {
			t.Errorf("%s: got %v, want the key %q", address, got, key)
		}
	}
}

// TestDistinct holds that prefixes are dropped: a plan lists each reference with all of its.
func TestDistinct(t *testing.T) {
	t.Parallel()
	got := distinct([]string{"local.create", "aws_s3_bucket.b[0].id", "aws_s3_bucket.b[0]", "aws_s3_bucket.b", "aws_s3_bucket.b", "count.index", "aws_s3_bucket.b[0].id"})
	if diff := cmp.Diff([]string{"local.create", "aws_s3_bucket.b[0].id", "count.index"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
