package library_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

const checkPath = "checks/s3/s3_bucket_versioning_enabled/check.yaml"

// small is a library of one check, with the real definitions it needs.
func small(t *testing.T) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, path := range []string{
		checkPath, "checks/s3/service.yaml", "resources/s3/AWS-S3-Bucket.yaml", "resources/kms/AWS-KMS-Key.yaml",
		"frameworks/all.yaml", "profile.yaml", "regions.yaml",
	} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fsys[path] = &fstest.MapFile{Data: data}
	}
	return fsys
}

// TestLoadRefuses holds that a malformed file gives one clear error that names
// file, line and what was expected.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, path, old, replacement, want string
	}{
		{"unknown key", checkPath, "severity: medium", "severtiy: medium", checkPath + ":6: field severtiy not found"},
		{"wrong kind", checkPath, "severity: medium", "severity: [medium]", checkPath + ":6: cannot unmarshal"},
		{"no YAML", checkPath, "title: ", "title: [", checkPath + ":"},
		{"unknown severity", checkPath, "severity: medium", "severity: urgent", checkPath + `:6: severity: "urgent" is not one of`},
		{"no sources", checkPath, "sources:\n  - https://docs.aws", "sources:\n  - docs.aws", "sources: "},
		{"undeclared type", checkPath, "AWS::S3::Bucket", "AWS::S3::Bukket", `type "AWS::S3::Bukket" is not declared`},
		{"misspelt fact", checkPath, "resource.VersioningConfiguration.Status", "resource.VersioningConfiguration.Stauts", checkPath + ":9: rule: "},
		{"unguarded fact", checkPath, `default(resource.VersioningConfiguration.Status, "Suspended")`, "resource.VersioningConfiguration.Status", "Status may be absent: guard it"},
		{"aggregates compared", checkPath, `default(resource.VersioningConfiguration.Status, "Suspended") == "Enabled"`, `resource.Tags == resource.Tags`, "compare scalars only"},
		{"fact of unknown type", "resources/s3/AWS-S3-Bucket.yaml", "type: string", "type: sting", `type "sting" is not one of`},
		{"definition in the wrong file", "resources/s3/AWS-S3-Bucket.yaml", "type: AWS::S3::Bucket\n", "type: AWS::S3::Basket\n", "does not fit the name of the file"},
		{"people are asked by no fact", "resources/s3/AWS-S3-Bucket.yaml", "global: true", "asked_when: {fact: Nothing, in: [x]}", "asked_when: want a fact"},
		{"people are asked by no value", "resources/s3/AWS-S3-Bucket.yaml", "global: true", "asked_when: {fact: VersioningConfiguration.Status, in: [Perhaps]}", "asked_when: want a fact"},
		{"framework names no check", "frameworks/all.yaml", "by_service: true", "groups: [{id: g, title: G, controls: [{id: c, checks: [no_such_check]}]}]", `names check "no_such_check"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fsys := small(t)
			data := fsys[tt.path].Data
			if !bytes.Contains(data, []byte(tt.old)) {
				t.Fatalf("%s does not hold %q", tt.path, tt.old)
			}
			fsys[tt.path] = &fstest.MapFile{Data: bytes.Replace(data, []byte(tt.old), []byte(tt.replacement), 1)}
			_, err := library.LoadFS(fsys)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
	t.Run("a file in no place", func(t *testing.T) {
		t.Parallel()
		fsys := small(t)
		fsys["checks/s3/lost.yaml"] = &fstest.MapFile{Data: []byte("title: x\n")}
		if _, err := library.LoadFS(fsys); err == nil || !strings.Contains(err.Error(), "checks/s3/lost.yaml: no place for this file") {
			t.Errorf("got %v, want an error that names the file", err)
		}
	})
}

// TestLoadCompiles holds that every check that is built in compiles, since a program that
// runs compiles only those that it meets.
func TestLoadCompiles(t *testing.T) {
	t.Parallel()
	compiled, err := load()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string][]string{}, map[string][]string{}
	for _, p := range compiled.Programs {
		want[p.Check.ID] = p.Paths()
	}
	for _, p := range lib.Programs {
		got[p.Check.ID] = p.Paths()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts that rules read (-compiled at once +when needed):\n%s", diff)
	}
}

// TestFrameworks holds the counts that the frameworks state.
func TestFrameworks(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	controls := func(id string) int {
		f, err := lib.Framework(id)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, g := range f.Groups {
			n += len(g.Controls)
		}
		return n
	}
	got := map[string]int{"genai": controls("aws_genai_v2"), "security hub": controls("aws_ai_security_best_practices_v1"), "all": controls("all")}
	if diff := cmp.Diff(map[string]int{"genai": 9, "security hub": 31, "all": len(lib.Checks)}, got); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
}

// TestSecurityHubIDs holds that each control of the AI security standard is
// answered by the check that carries its id.
func TestSecurityHubIDs(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("aws_ai_security_best_practices_v1")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range f.Groups {
		for _, c := range g.Controls {
			for _, id := range c.Checks {
				if got := lib.Check(id).Peers.SecurityHub; got != c.ID {
					t.Errorf("%s: check %s carries %q", c.ID, id, got)
				}
			}
		}
	}
}

// TestProfileTemplate holds that the template of the profile names every field,
// decides nothing as it is, and is right once its examples are taken.
func TestProfileTemplate(t *testing.T) {
	t.Parallel()
	lib, err := load()
	if err != nil {
		t.Fatal(err)
	}
	template := lib.ProfileTemplate()
	p, err := lib.ParseProfile("template", template)
	if err != nil || len(p.Values) != 0 {
		t.Errorf("the template decides %v, %v; want nothing", p, err)
	}
	var taken []byte
	for line := range bytes.Lines(template) {
		if bytes.HasPrefix(line, []byte("#  ")) || len(line) > 1 && line[0] == '#' && line[1] != ' ' {
			line = line[1:]
		}
		taken = append(taken, line...)
	}
	if _, err := lib.ParseProfile("two", []byte("approved_regions: [eu-central-1]\n---\nlost: 1\n")); err == nil || !strings.Contains(err.Error(), "two: want one YAML document") {
		t.Errorf("a second document is passed over: %v", err)
	}
	p, err = lib.ParseProfile("template", taken)
	if err != nil {
		t.Fatalf("the examples do not load: %v\n%s", err, taken)
	}
	for _, f := range lib.Profile {
		if p.Values.Get(f.Name) == assize.Value(nil) {
			t.Errorf("%s: its example does not set it", f.Name)
		}
	}
}
