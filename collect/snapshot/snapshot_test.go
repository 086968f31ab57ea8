package snapshot

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sample() *collect.Collection {
	c := collect.NewCollection("1.2.3", time.Date(2026, 11, 20, 10, 0, 0, 5, time.UTC))
	c.Mapping = "sha256:abc"
	c.Accounts = []assize.Account{{ID: "111111111111", Name: "one", Regions: []string{"eu-a"}, Partition: "aws"}}
	c.Requests = map[string]int{"s3-buckets": 7}
	denied := assize.Gap{Account: "111111111111", Region: "eu-a", Operation: "kms:ListKeys", Types: []string{"AWS::KMS::Key"}, Cause: assize.Denied, Code: "AccessDenied"}
	c.Gaps = []assize.Gap{denied}
	c.Coverage = []assize.Coverage{
		{Type: "AWS::S3::Bucket", Account: "111111111111", Region: "global", Complete: true},
		{Type: "AWS::Bedrock::Agent", Account: "111111111111", Region: "eu-a", NotOffered: "table, 2026"},
		{Type: "AWS::KMS::Key", Account: "111111111111", Region: "eu-a", Gap: &denied},
	}
	c.Records = []*assize.Record{
		{Type: "AWS::S3::Bucket", Account: "111111111111", Region: "eu-a", ID: "b", Answers: []assize.Answer{
			{Operation: "s3:A", Value: assize.Object{}},
			{Operation: "s3:B", None: "NoSuchThing"},
			{Operation: "s3:C", Gap: &assize.Gap{Account: "111111111111", Resource: "b", Cause: assize.Throttled}},
			{Operation: "s3:D", Masked: []string{"X.Y"}, Value: assize.NewObject(map[string]assize.Value{
				"X": assize.List{"<b>\"&\u2028\\\x01\t", int64(-3), 2.5, true, assize.Object{}, assize.List{}},
				"Z": &assize.Unknown{Cause: assize.WrongAnswer, Detail: "odd"},
			})},
		}},
		{Type: "AWS::S3::Bucket", Account: "111111111111", Region: "eu-a", ID: "a", ARN: "arn:a", Answers: []assize.Answer{}},
	}
	return c
}

func encoded(t *testing.T, c *collect.Collection) string {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.assize")
	want := sample()
	if err := Write(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("read back (-want +got):\n%s", d)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(path, got); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(path); !bytes.Equal(first, second) {
		t.Error("the same content gave other bytes")
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("got %v beside the snapshot, want nothing", left)
	}
}

// A file is written in the place that its name says, or nothing is changed.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := Write(filepath.Join(dir, "missing", "x.assize"), sample()); err == nil {
		t.Error("got no error for a folder that does not exist")
	}
	path := filepath.Join(dir, "folder")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, sample()); err == nil {
		t.Error("got no error for a name that is a folder")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("got %v, want no half-written file", left)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	whole := encoded(t, sample())
	lines := strings.SplitAfter(whole, "\n")
	join := func(ls ...string) string { return strings.Join(ls, "") }
	edit := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("the sample has no %q", old)
		}
		return strings.Replace(whole, old, new, 1)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte(whole))
	z.Close()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "x:1: want a snapshot, the file is empty"},
		{"something else", "hello\n", "x:1: want the header of a snapshot"},
		{"JSON of something else", "{}\n", "x:1: want the header of a snapshot"},
		{"later version", edit(`"version":1`, `"version":2`), "x:1: want format version 1, this is version 2"},
		{"unknown field in the header", edit(`"as_of"`, `"as_off"`), "x:1: header: json: unknown field"},
		{"unknown field in a record", edit(`"arn":`, `"arm":`), "x:2: want a record, coverage, gap or end"},
		{"cut at a line", join(lines[:3]...), "x:4: want the line that ends a snapshot"},
		{"cut within a line", whole[:len(lines[0])+20], "x:2: want the line that ends a snapshot"},
		{"cut within gzip", zipped.String()[:zipped.Len()/2], "want the line that ends a snapshot"},
		{"changed", edit("NoSuchThing", "NoSuchThong"), "the file was changed"},
		{"a line less", join(lines[0], join(lines[2:]...)), "the file was changed"},
		{"more", whole + "{}\n", "want nothing after the end"},
		{"twice", join(lines[0], lines[1], lines[1], join(lines[2:]...)), "x:3: record 111111111111/eu-a/AWS::S3::Bucket/a stands twice"},
		{"not sorted", join(lines[0], lines[2], lines[1], join(lines[3:]...)), "x:3: record 111111111111/eu-a/AWS::S3::Bucket/a: want records sorted"},
		{"unknown cause", edit(`"cause":"throttled"`, `"cause":"tired"`), `x:3: record 111111111111/eu-a/AWS::S3::Bucket/b: s3:C: gap: cause "tired"`},
		{"two answers in one", edit(`"none":"NoSuchThing"`, `"none":"NoSuchThing","value":{}`), "s3:B: want one of value, none and gap"},
		{"no answer", edit(`,"none":"NoSuchThing"`, ``), "s3:B: want one of value, none and gap"},
		{"coverage says nothing", edit(`,"complete":true`, ``), "coverage: want one of complete, not_offered and gap"},
		{"an answer that is no object", edit(`"operation":"s3:A","value":{}`, `"operation":"s3:A","value":[]`), "s3:A: value: want an object"},
		{"a line too long", lines[0] + strings.Repeat("x", maxLine+2), fmt.Sprintf("x:2: want lines of at most %d bytes", maxLine)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Decode("x", strings.NewReader(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
				t.Errorf("got %v, %v, want an error with %q", got, err, c.want)
			}
		})
	}
}

func anyValue(depth int) *rapid.Generator[assize.Value] {
	return rapid.Custom(func(t *rapid.T) assize.Value {
		kind := rapid.IntRange(0, 7).Draw(t, "kind")
		if depth == 0 {
			kind %= 6
		}
		switch kind {
		case 0:
			return rapid.Bool().Draw(t, "bool")
		case 1:
			return rapid.Int64().Draw(t, "int")
		case 2:
			// A number without fraction reads back as an int64.
			return float64(rapid.IntRange(-1000, 1000).Draw(t, "float")) + 0.5
		case 3, 4:
			return rapid.String().Draw(t, "text")
		case 5:
			return &assize.Unknown{Cause: assize.Denied, Detail: rapid.String().Draw(t, "detail")}
		case 6:
			return assize.List(rapid.SliceOfN(anyValue(depth-1), 0, 3).Draw(t, "list"))
		}
		return anyObject(depth).Draw(t, "object")
	})
}

func anyObject(depth int) *rapid.Generator[assize.Object] {
	return rapid.Custom(func(t *rapid.T) assize.Object {
		return assize.NewObject(rapid.MapOfN(rapid.StringMatching(`[A-Za-z"<]{1,6}`), anyValue(depth-1), 0, 5).Draw(t, "fields"))
	})
}

// What is written is what is read.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := collect.NewCollection("v", time.Unix(1, 0))
		for i := range rapid.IntRange(0, 5).Draw(t, "records") {
			c.Records = append(c.Records, &assize.Record{
				Type: "T", Account: "1", Region: "r", ID: fmt.Sprint(i, rapid.String().Draw(t, "id")),
				Answers: []assize.Answer{{Operation: "s:O", Value: anyObject(3).Draw(t, "value")}},
			})
		}
		var b bytes.Buffer
		if err := Encode(&b, c); err != nil {
			t.Fatal(err)
		}
		got, err := Decode("x", &b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.Records, got.Records, cmp.Comparer(func(a, b []*assize.Record) bool {
			return cmp.Equal(append([]*assize.Record{}, a...), append([]*assize.Record{}, b...))
		})); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	})
}

// FuzzDecode holds the reader to an error or a collection that is written back as it was.
func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := Encode(&b, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"format":"assize-snapshot","version":1,"assize":"","as_of":"2026-01-01T00:00:00Z","accounts":null}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Decode("x", bytes.NewReader(data))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := Encode(&first, c); err != nil {
			t.Fatal(err)
		}
		again, err := Decode("x", bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatalf("what was read and written is refused: %v", err)
		}
		if err := Encode(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("written twice, other bytes: %v", err)
		}
	})
}
