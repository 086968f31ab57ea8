package collect

import (
	"math"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/google/go-cmp/cmp"
)

// Shapes as the SDK makes them.
type (
	status         string
	resultMetadata struct{ RequestID string }
	Storage        interface{ isStorage() }

	StorageMemberS3    struct{ Value s3Storage }
	UnknownUnionMember struct {
		Tag   string
		Value []byte
	}
	s3Storage  struct{ Bucket *string }
	deepOutput struct{ Next *deepOutput }
	nameValue  struct{ Name, Value *string }

	output struct {
		Name           *string
		Status         status
		Empty          status
		Count          *int32
		Ratio          *float32
		Enabled        bool
		At             *time.Time
		Absent         *string
		Tags           map[string]string
		NoTags         map[string]string
		Names          []string
		NoNames        []string
		Blob           []byte
		Parts          []s3Storage
		Where          Storage
		Nowhere        Storage
		Other          Storage
		Environment    []nameValue
		ResultMetadata resultMetadata
		hidden         string
	}
)

func (*StorageMemberS3) isStorage()    {}
func (*UnknownUnionMember) isStorage() {}

// document is a document of the SDK.
type document struct{ v any }

func (d document) UnmarshalSmithyDocument(into any) error {
	*into.(*any) = d.v
	return nil
}

func ptr[T any](v T) *T { return &v }

func TestEncode(t *testing.T) {
	t.Parallel()
	got, masked := Encode(&output{
		Name: ptr("x"), Status: "ACTIVE", Count: ptr(int32(3)), Ratio: ptr(float32(0.5)), Enabled: false,
		At:   ptr(time.Date(2026, 5, 1, 12, 0, 0, 0, time.FixedZone("", 7200))),
		Tags: map[string]string{"b": "2", "a": "1", "DB_PASSWORD": "Tr0ub4dor&3"}, Names: []string{}, Blob: []byte("hi"),
		Parts: []s3Storage{{ptr("one")}, {}}, Where: &StorageMemberS3{s3Storage{ptr("mine")}},
		Other:       &UnknownUnionMember{Tag: "Tape", Value: []byte("?")},
		Environment: []nameValue{{ptr("REGION"), ptr("eu-central-1")}, {ptr("API_KEY"), ptr("q8Zr2LxT0vNw")}},
		hidden:      "no",
	})
	want := assize.NewObject(map[string]assize.Value{
		"Name": "x", "Status": "ACTIVE", "Count": int64(3), "Ratio": 0.5, "Enabled": false, "At": "2026-05-01T10:00:00Z",
		"Tags":  assize.NewObject(map[string]assize.Value{"a": "1", "b": "2", "DB_PASSWORD": "[masked: secret by its name]"}),
		"Names": assize.List{}, "Blob": "aGk=",
		"Parts": assize.List{assize.Object{{Name: "Bucket", Value: "one"}}, assize.Object{}},
		"Where": assize.Object{{Name: "S3", Value: assize.Object{{Name: "Bucket", Value: "mine"}}}},
		"Other": assize.Object{{Name: "Tape", Value: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "a kind of value that this version does not know"}}},
		"Environment": assize.List{
			assize.Object{{Name: "Name", Value: "REGION"}, {Name: "Value", Value: "eu-central-1"}},
			assize.Object{{Name: "Name", Value: "API_KEY"}, {Name: "Value", Value: "[masked: secret by its name]"}},
		},
	})
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("value (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"Environment[1].Value", "Tags.DB_PASSWORD"}, masked); d != "" {
		t.Errorf("masked (-want +got):\n%s", d)
	}
}

func TestEncodeOdd(t *testing.T) {
	t.Parallel()
	deep := &deepOutput{}
	for range 200 {
		deep = &deepOutput{Next: deep}
	}
	for _, c := range []struct {
		name string
		in   any
		want assize.Object
	}{
		{"nil", nil, assize.Object{}},
		{"nil pointer", (*output)(nil), assize.Object{}},
		{"a map of lists, as gather makes", map[string][]string{"Names": {"a"}}, assize.Object{{Name: "Names", Value: assize.List{"a"}}}},
		{"fields of an embedded struct, one of them hidden", struct {
			s3Storage
			nameValue
			Name string
		}{s3Storage{ptr("one")}, nameValue{Name: ptr("API_KEY"), Value: ptr("two")}, "REGION"}, assize.Object{
			{Name: "Bucket", Value: "one"}, {Name: "Name", Value: "REGION"}, {Name: "Value", Value: "two"},
		}},
		{"not a number", struct{ X float64 }{math.NaN()}, assize.Object{{Name: "X", Value: &assize.Unknown{Cause: assize.WrongAnswer, Detail: "not a number"}}}},
		{
			"a document",
			struct{ Doc smithyDocument }{document{map[string]any{"a": []any{true, "x", 1.5}}}},
			assize.Object{{Name: "Doc", Value: assize.Object{{Name: "a", Value: assize.List{true, "x", 1.5}}}}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _ := Encode(c.in)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	t.Run("nested too deeply", func(t *testing.T) {
		t.Parallel()
		got, _ := Encode(deep)
		var v assize.Value = got
		for range 200 {
			o, ok := v.(assize.Object)
			if !ok {
				break
			}
			v = o.Get("Next")
		}
		if u, ok := v.(*assize.Unknown); !ok || u.Cause != assize.WrongAnswer {
			t.Errorf("got %v at the bottom, want an unknown", v)
		}
	})
}
