package collect

import (
	"strings"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// bucketDefinition has every kind of path.
func bucketDefinition() *assize.Definition {
	return &assize.Definition{Type: "Test::S3::Bucket", Facts: []assize.Fact{
		{Path: "BucketName", Type: assize.String, At: "$id"},
		{Path: "Home", Type: assize.String, At: "$region"},
		{Path: "Versioning.Status", Type: assize.String, From: "s3:Versioning", At: "Status", Values: []string{"Enabled", "Suspended"}},
		{Path: "Rules[].Algorithm", Type: assize.String, From: "s3:Encryption", At: "Conf.Rules[].Default.SSEAlgorithm"},
		{Path: "Rules[].KeyEnabled", Type: assize.Bool, From: "s3:Encryption", At: "Conf.Rules[].BucketKeyEnabled"},
		{Path: "Rules[].Filters[].Name", Type: assize.String, From: "s3:Encryption", At: "Conf.Rules[].Filter[].N"},
		{Path: "Policy", Type: assize.Policy, From: "s3:Policy"},
		{Path: "Tags[].Key", Type: assize.String, From: "s3:Tags", At: "TagMap{}.@key"},
		{Path: "Tags[].Value", Type: assize.String, From: "s3:Tags", At: "TagMap{}.@value"},
		{Path: "SubnetIds", Type: assize.Strings, From: "s3:Net", At: "Subnets[].Id"},
		{Path: "Groups", Type: assize.Strings, From: "s3:Net"},
		{Path: "Single", Type: assize.Strings, From: "s3:Net"},
		{Path: "Size", Type: assize.Int, From: "s3:Net"},
		{Path: "Share", Type: assize.Double, From: "s3:Net"},
		{Path: "Created", Type: assize.Timestamp, From: "s3:Net"},
		{Path: "HasSecret", Type: assize.Bool, From: "s3:Net", At: "Environment@masked"},
		{Path: "Jobs[].HasSecret", Type: assize.Bool, From: "s3:Net", At: "Jobs[].Env@masked"},
	}}
}

func mustObject(t *testing.T, text string) assize.Object {
	t.Helper()
	v, err := assize.ParseValue([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.(assize.Object)
}

func TestDerive(t *testing.T) {
	t.Parallel()
	denied := &assize.Gap{Account: "1", Operation: "s3:Versioning", Cause: assize.Denied, Code: "AccessDenied"}
	rec := &assize.Record{
		Type: "Test::S3::Bucket", Account: "1", Region: "eu-a", ID: "mine", ARN: "arn:mine",
		Answers: []assize.Answer{
			{Operation: "s3:Versioning", Gap: denied},
			{Operation: "s3:Encryption", Value: mustObject(t, `{"Conf":{"Rules":[
				{"Default":{"SSEAlgorithm":"aws:kms"},"BucketKeyEnabled":true,"Filter":[{"N":"a"},{}]},
				{"Default":{}},
				{"$unknown":{"cause":"wrong answer","rest":true}}]}}`)},
			{Operation: "s3:Policy", None: "NoSuchBucketPolicy"},
			{Operation: "s3:Net", Masked: []string{"Environment.KEY", "Jobs[1].Env.X"}, Value: mustObject(t, `{
				"Subnets":[{"Id":"s-1"},{},{"Id":"s-2"}],"Groups":["g-1"],"Single":"one","Size":3.0,"Share":2,
				"Created":1767225600000,"Environment":{"KEY":"x"},"Jobs":[{"Env":{}},{"Env":{"X":"m"}},{}]}`)},
		},
	}
	got, err := Derive(bucketDefinition(), rec)
	if err != nil {
		t.Fatal(err)
	}
	notAsked := &assize.Unknown{Cause: assize.NotConnected, Operation: "s3:Tags", Detail: "the collection holds no answer of s3:Tags"}
	object := func(kv ...assize.Value) assize.Object {
		m := map[string]assize.Value{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return assize.NewObject(m)
	}
	want := &assize.Resource{
		Type: "Test::S3::Bucket", Account: "1", Region: "eu-a", ID: "mine", ARN: "arn:mine",
		Properties: object(
			"BucketName", "mine", "Home", "eu-a",
			"Versioning", object("Status", denied.Unknown()),
			"Rules", assize.List{
				object("Algorithm", "aws:kms", "KeyEnabled", true, "Filters", assize.List{object("Name", "a"), object()}),
				object(),
				&assize.Unknown{Cause: assize.WrongAnswer, Rest: true},
			},
			"Tags", notAsked,
			"SubnetIds", assize.List{"s-1", "s-2"}, "Groups", assize.List{"g-1"}, "Single", assize.List{"one"},
			"Size", int64(3), "Share", 2.0, "Created", "2026-01-01T00:00:00Z",
			"HasSecret", true, "Jobs", assize.List{object("HasSecret", false), object("HasSecret", true), object()},
		),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestDeriveValues(t *testing.T) {
	t.Parallel()
	wrong := func(want string) assize.Value {
		return &assize.Unknown{Cause: assize.WrongAnswer, Operation: "s:Op", Detail: "X is not of type " + want}
	}
	for _, c := range []struct {
		name string
		typ  assize.FactType
		in   assize.Value
		want assize.Value
	}{
		{"string", assize.String, "a", "a"},
		{"string of a number", assize.String, int64(1), wrong("string")},
		{"string of a list", assize.String, assize.List{"a"}, wrong("string")},
		{"int", assize.Int, int64(7), int64(7)},
		{"int of a whole double", assize.Int, 7.0, int64(7)},
		{"int of digits", assize.Int, "7", int64(7)},
		{"int of a broken double", assize.Int, 7.5, wrong("int")},
		{"double of an int", assize.Double, int64(7), 7.0},
		{"double of text", assize.Double, "NaN", wrong("double")},
		{"bool", assize.Bool, false, false},
		{"bool of text", assize.Bool, "True", true},
		{"bool of another text", assize.Bool, "yes", wrong("bool")},
		{"timestamp", assize.Timestamp, "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"},
		{"timestamp of seconds", assize.Timestamp, int64(1767225600), "2026-01-01T00:00:00Z"},
		{"timestamp of text", assize.Timestamp, "yesterday", wrong("timestamp")},
		{"policy", assize.Policy, `{"Statement":[]}`, `{"Statement":[]}`},
		{"policy, percent-encoded", assize.Policy, "%7B%22a%22%3A%22b+c%22%7D", `{"a":"b+c"}`},
		{"policy, badly encoded", assize.Policy, "%7", wrong("policy")},
		{"policy of an object", assize.Policy, assize.Object{{Name: "a", Value: "b"}}, `{"a":"b"}`},
		{"policy of a number", assize.Policy, int64(1), wrong("policy")},
		{"absent", assize.String, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			def := &assize.Definition{Type: "T", Facts: []assize.Fact{{Path: "X", Type: c.typ, From: "s:Op"}}}
			rec := &assize.Record{Type: "T", Answers: []assize.Answer{{Operation: "s:Op", Value: assize.Object{}.Set("X", c.in)}}}
			res, err := Derive(def, rec)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, res.Properties.Get("X")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestNewMappingRefuses(t *testing.T) {
	t.Parallel()
	fact := func(path string, typ assize.FactType, from, at string) assize.Fact {
		return assize.Fact{Path: path, Type: typ, From: from, At: at}
	}
	for _, c := range []struct {
		want  string
		facts []assize.Fact
	}{
		{"type \"text\" is none", []assize.Fact{fact("A", "text", "s:O", "")}},
		{"from: \"\": want service:Operation", []assize.Fact{fact("A", assize.String, "", "")}},
		{"path has 1 lists and at has 0", []assize.Fact{fact("A[].B", assize.String, "s:O", "B")}},
		{"path has 0 lists and at has 1", []assize.Fact{fact("A", assize.String, "s:O", "B[].C")}},
		{"is taken by another fact", []assize.Fact{fact("A", assize.String, "s:O", ""), fact("A", assize.String, "s:P", "")}},
		{"A is a fact itself", []assize.Fact{fact("A", assize.String, "s:O", ""), fact("A.B", assize.String, "s:O", "")}},
		{"come from another list", []assize.Fact{fact("A[].B", assize.String, "s:O", "X[].B"), fact("A[].C", assize.String, "s:O", "Y[].C")}},
		{"A is a list in another fact", []assize.Fact{fact("A[].B", assize.String, "s:O", "X[].B"), fact("A.C", assize.String, "s:O", "")}},
		{"@key or @value stands after {}", []assize.Fact{fact("A[].B", assize.String, "s:O", "X{}.B")}},
		{"@masked is of type bool", []assize.Fact{fact("A", assize.String, "s:O", "X@masked")}},
		{"none of $id", []assize.Fact{fact("A", assize.String, "", "$name")}},
		{"comes from no operation", []assize.Fact{fact("A", assize.String, "s:O", "$id")}},
		{"a list of strings has no []", []assize.Fact{fact("A[]", assize.Strings, "s:O", "A[]")}},
		{"is no step", []assize.Fact{fact("A", assize.String, "s:O", "A..B")}},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			_, err := NewMapping([]*assize.Definition{{Type: "T", Facts: c.facts}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with %q", err, c.want)
			}
		})
	}
}

// anyValue draws what an answer may hold, as well as what it should not.
func anyValue(depth int) *rapid.Generator[assize.Value] {
	return rapid.Custom(func(t *rapid.T) assize.Value {
		kind := rapid.IntRange(0, 9).Draw(t, "kind")
		if depth == 0 {
			kind %= 7
		}
		names := rapid.SampledFrom([]string{
			"Status", "Conf", "Rules", "Default", "SSEAlgorithm", "BucketKeyEnabled", "Filter", "N", "Policy", "TagMap",
			"Subnets", "Id", "Groups", "Single", "Size", "Share", "Created", "Environment", "Jobs", "Env",
		})
		switch kind {
		case 0:
			return nil
		case 1:
			return rapid.Bool().Draw(t, "bool")
		case 2:
			return rapid.Int64().Draw(t, "int")
		case 3:
			return rapid.Float64().Draw(t, "float")
		case 4, 5:
			return rapid.SampledFrom([]string{"", "Enabled", "%7B", "%", "true", "7", "2026-01-01T00:00:00Z"}).Draw(t, "text")
		case 6:
			return &assize.Unknown{Cause: assize.Denied}
		case 7:
			return assize.List(rapid.SliceOfN(anyValue(depth-1), 0, 3).Draw(t, "list"))
		}
		return assize.NewObject(rapid.MapOfN(names, anyValue(depth-1), 0, 6).Draw(t, "object"))
	})
}

// Whatever a record holds, deriving it does not panic, gives the same twice, and
// gives each fact a value of its type, an unknown, or none.
func TestDeriveAnything(t *testing.T) {
	t.Parallel()
	m, err := NewMapping([]*assize.Definition{bucketDefinition()})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		rec := &assize.Record{Type: "Test::S3::Bucket", Account: "1", Region: "r", ID: "x"}
		for _, op := range []string{"s3:Versioning", "s3:Encryption", "s3:Policy", "s3:Tags", "s3:Net"} {
			a := assize.Answer{Operation: op}
			switch rapid.IntRange(0, 5).Draw(t, "answer") {
			case 0:
				continue
			case 1:
				a.None = "NoSuchThing"
			case 2:
				a.Gap = &assize.Gap{Account: "1", Cause: assize.Throttled}
			default:
				a.Value, _ = anyValue(4).Draw(t, "value").(assize.Object)
			}
			rec.Answers = append(rec.Answers, a)
		}
		res, err := m.Derive(rec)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := m.Derive(rec)
		if d := cmp.Diff(res, again); d != "" {
			t.Fatalf("derived twice (-first +second):\n%s", d)
		}
		if s := res.Properties.At("Versioning.Status"); s != nil {
			switch s.(type) {
			case string, *assize.Unknown:
			default:
				t.Fatalf("Versioning.Status: got %T, want a string or an unknown", s)
			}
		}
	})
}

// TestDeriveEmptyReference: SageMaker and others answer "" for a key or subnet that
// is not set, which must not read as one.
func TestDeriveEmptyReference(t *testing.T) {
	t.Parallel()
	def := &assize.Definition{Type: "T::T::T", Facts: []assize.Fact{
		{Path: "Key", Type: assize.String, From: "s:Op", Ref: "AWS::KMS::Key"}, {Path: "Note", Type: assize.String, From: "s:Op"},
	}}
	got, err := Derive(def, &assize.Record{Type: "T::T::T", Answers: []assize.Answer{{Operation: "s:Op", Value: mustObject(t, `{"Key":"","Note":""}`)}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(assize.NewObject(map[string]assize.Value{"Note": ""}), got.Properties); d != "" {
		t.Errorf("properties (-want +got):\n%s", d)
	}
}
