package assize

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is written by hand is what encoding/json would write, and reads back.
func TestValuesAsJSON(t *testing.T) {
	t.Parallel()
	type plain Unknown
	full := &Unknown{
		Cause: UntilApply, Operation: "s3:X", Code: `a"b`, Detail: "<x>\u2028\x01é", Rest: true,
		Refers: &Reference{Type: "AWS::S3::Bucket", Account: "1", Region: "r", ID: `m["k"]`},
	}
	for _, u := range []*Unknown{full, {Cause: Denied}, {Cause: Denied, Refers: &Reference{}}} {
		want, err := marshalPlain(map[string]*plain{unknownKey: (*plain)(u)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendUnknown(nil, u)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("unknown (-encoding/json +ours):\n%s", diff)
		}
	}
	o := Object{{"a", nil}, {"b", List{int64(-3), 1.5, true, "x\"<", Object{}, List(nil), full}}, {"c\n", int64(0)}}
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	back, err := ParseValue(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := back.(Object).Get("b").(List); !ok || !json.Valid(data) {
		t.Errorf("object: got %s", data)
	}
}
