package fakeaws_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/assize-dev/assize/internal/fakeaws"
)

// shippedFile is a fixture file as its author wrote it.
type shippedFile struct{ Answers []shippedAnswer }

type shippedAnswer struct {
	Match   fakeaws.Match
	Matches []fakeaws.Match
	Body    json.RawMessage
	XML     string // only asked for: its fields are not compared
	Error   *struct{ Code string }
	Page    *fakeaws.Paging
}

// TestDefaultsDecode asks for every shipped answer with the SDK's own client
// and holds that every field written there arrives: a name the SDK does not
// know, or a value of the wrong type, would be dropped in silence.
func TestDefaultsDecode(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{Fixtures: []fs.FS{fakeaws.Defaults()}})
	tried := map[string]bool{}
	err := fs.WalkDir(fakeaws.Defaults(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		operation := strings.TrimSuffix(name, path.Ext(name))
		tried[operation] = true
		for i, a := range readShipped(t, name) {
			for _, m := range append(a.Matches, a.Match)[:max(1, len(a.Matches))] {
				t.Run(fmt.Sprintf("%s/%d", operation, i+1), func(t *testing.T) { checkShipped(t, srv, operation, a, m) })
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, operation := range slices.Sorted(maps.Keys(allOperations)) {
		if !tried[operation] {
			t.Errorf("%s: the test knows it, no fixture is shipped", operation)
		}
	}
	if got := srv.Unanswered(); len(got) > 0 {
		t.Errorf("unanswered: %+v", got)
	}
}

// allOperations are the calls of both lists.
var allOperations = func() map[string]sdkCall {
	all := maps.Clone(operations)
	maps.Copy(all, otherOperations)
	maps.Copy(all, lineOperations)
	return all
}()

// readShipped reads the answers of a file.
func readShipped(t *testing.T, name string) []shippedAnswer {
	t.Helper()
	data, err := fs.ReadFile(fakeaws.Defaults(), name)
	if err != nil {
		t.Fatal(err)
	}
	var file shippedFile
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if file.Answers == nil {
		file.Answers = []shippedAnswer{{Body: data}}
	}
	return file.Answers
}

const (
	shippedAccount = "111122223333"
	shippedRegion  = "eu-west-1"
)

// checkShipped asks for one answer, page by page, and compares.
func checkShipped(t *testing.T, srv *fakeaws.Server, operation string, a shippedAnswer, m fakeaws.Match) {
	call, ok := allOperations[operation]
	if !ok {
		t.Fatalf("no SDK call for the shipped fixture %s", operation)
	}
	region := shippedRegion
	if m.Region != "" {
		region = m.Region
	}
	in := requestFor(m, region)
	cfg := srv.AWSConfig(region, shippedAccount)
	for page := 0; ; page++ {
		out, err := call(t.Context(), cfg, in)
		if a.Error != nil {
			if got := codeOf(err); got != a.Error.Code {
				t.Errorf("error %s, want %s", got, a.Error.Code)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if a.XML != "" {
			return
		}
		wire, last := pageOf(t, a, in.fill(string(a.Body), region), page)
		arrived(t, operation, wire, reflect.ValueOf(out))
		if last {
			return
		}
		in["nextToken"] = reflect.ValueOf(out).Elem().FieldByName("NextToken").Interface().(*string)
		if in["nextToken"] == nil {
			t.Fatalf("page %d has no token", page+1)
		}
	}
}

// request holds what a call asks for, by wire name.
type request map[string]*string

// requestFor makes a request that a match fits.
func requestFor(m fakeaws.Match, region string) request {
	in := request{}
	for _, values := range []map[string]string{m.Path, m.Params} {
		for name, value := range values {
			in[name] = aws.String(in.fill(value, region))
		}
	}
	return in
}

var slot = regexp.MustCompile(`\$\{(?:path|params)\.([\w.]+)\}`)

// fill does by other means what the server does with placeholders.
func (in request) fill(text, region string) string {
	text = strings.NewReplacer("${account}", shippedAccount, "${region}", region).Replace(text)
	return slot.ReplaceAllStringFunc(text, func(found string) string { return *in.need(slot.FindStringSubmatch(found)[1]) })
}

// need returns a value, or some text for a value that no match names.
func (in request) need(name string) *string {
	if v := in[name]; v != nil {
		return v
	}
	return aws.String("SOMEVALUE1")
}

// pageOf returns what page number n of an answer must hold.
func pageOf(t *testing.T, a shippedAnswer, body string, n int) (wire map[string]any, last bool) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &wire); err != nil {
		t.Fatal(err)
	}
	if a.Page == nil {
		return wire, true
	}
	items := wire[a.Page.Items].([]any)
	end := min(len(items), (n+1)*a.Page.Size)
	wire[a.Page.Items] = items[n*a.Page.Size : end]
	return wire, end == len(items)
}

// arrived holds that everything on the wire is in the decoded value.
func arrived(t *testing.T, at string, wire any, got reflect.Value) {
	t.Helper()
	for got.Kind() == reflect.Pointer || got.Kind() == reflect.Interface {
		if got.IsNil() {
			t.Errorf("%s: %v did not arrive", at, wire)
			return
		}
		if doc, ok := got.Interface().(interface{ UnmarshalSmithyDocument(any) error }); ok {
			var v any
			if err := doc.UnmarshalSmithyDocument(&v); err != nil {
				t.Errorf("%s: %v", at, err)
				return
			}
			got = reflect.ValueOf(v)
			break
		}
		got = got.Elem()
	}
	for got.Kind() == reflect.Interface { // within a document
		got = got.Elem()
	}
	switch wire := wire.(type) {
	case map[string]any:
		for key, value := range wire {
			arrived(t, at+"."+key, value, member(t, at, key, got))
		}
	case []any:
		if got.Kind() != reflect.Slice || got.Len() != len(wire) {
			t.Errorf("%s: %d elements on the wire, got %v", at, len(wire), got)
			return
		}
		for i, value := range wire {
			arrived(t, fmt.Sprintf("%s[%d]", at, i), value, got.Index(i))
		}
	case string:
		if when, ok := got.Interface().(time.Time); ok {
			if when.Format(time.RFC3339) != wire {
				t.Errorf("%s: got %s, want %s", at, when, wire)
			}
		} else if got.Kind() != reflect.String || got.String() != wire {
			t.Errorf("%s: got %v, want %s", at, got, wire)
		}
	case float64:
		if when, ok := got.Interface().(time.Time); ok {
			got = reflect.ValueOf(when.Unix())
		}
		if number := got.Convert(reflect.TypeFor[float64]()).Float(); number != float64(float32(wire)) && number != wire {
			t.Errorf("%s: got %v, want %v", at, number, wire)
		}
	case bool:
		if got.Kind() != reflect.Bool || got.Bool() != wire {
			t.Errorf("%s: got %v, want %v", at, got, wire)
		}
	}
}

// member finds a wire name in a decoded struct, map or union.
func member(t *testing.T, at, key string, got reflect.Value) reflect.Value {
	t.Helper()
	if got.Kind() == reflect.Map {
		return got.MapIndex(reflect.ValueOf(key))
	}
	if got.Kind() == reflect.Struct {
		if strings.HasSuffix(strings.ToLower(got.Type().Name()), "member"+strings.ToLower(key)) {
			return got.FieldByName("Value")
		}
		if f := got.FieldByNameFunc(func(name string) bool { return strings.EqualFold(name, key) }); f.IsValid() {
			return f
		}
	}
	t.Errorf("%s: %s has no %s", at, got.Type(), key)
	return reflect.ValueOf((*int)(nil))
}

// sdkCall calls one operation with values of a request.
type sdkCall func(ctx context.Context, cfg aws.Config, in request) (any, error)
