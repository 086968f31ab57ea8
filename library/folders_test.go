package library_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/library"
)

// TestFolders holds that a file of a user at the path of another one replaces it, and that others add.
func TestFolders(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(checkPath)
	if err != nil {
		t.Fatal(err)
	}
	shipped, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := library.Load(folder(map[string]string{
		checkPath: strings.Replace(string(data), "severity: medium", "severity: critical", 1),
		"checks/s3/s3_bucket_versioning_wanted/check.yaml": string(data),
		"frameworks/mine.yaml":                             baseFramework,
		".git/lost.yaml":                                   "no part of the layout",
		"README.yaml.md":                                   "no YAML",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := lib.Check("s3_bucket_versioning_enabled").Severity; got != assize.Critical {
		t.Errorf("the check that is replaced has severity %s, want critical", got)
	}
	if lib.Check("s3_bucket_versioning_wanted") == nil || len(lib.Checks) != len(shipped.Checks)+1 || len(lib.Programs) != len(lib.Checks) {
		t.Errorf("%d checks and %d programs, want one more than the %d shipped", len(lib.Checks), len(lib.Programs), len(shipped.Checks))
	}
	if lib.Digest == shipped.Digest {
		t.Error("the digest does not tell the folder's content")
	}
	if diff := cmp.Diff([]string{"own"}, lib.Folders); diff != "" {
		t.Errorf("folders (-want +got):\n%s", diff)
	}
	if !slices.Contains(lib.FrameworkIDs(), "mine") || slices.Contains(shipped.FrameworkIDs(), "mine") {
		t.Errorf("frameworks: %v", lib.FrameworkIDs())
	}
}

func TestFoldersRefuse(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(checkPath)
	if err != nil {
		t.Fatal(err)
	}
	check := string(data)
	tests := []struct{ name, path, text, want string }{
		{"rule", checkPath, strings.Replace(check, ".Status", ".Stauts", 1), "own/" + checkPath + ":9: rule: "},
		{"no place", "notes/a.yaml", "a: b", "own/notes/a.yaml: no place for this file"},
		{"id in two services", "checks/kms/s3_bucket_versioning_enabled/check.yaml", check, "the id of a check stands twice"},
		{"fields that checks ask for", "profile.yaml", "- {name: ours, type: bool, doc: Ours., example: \"ours: true\"}", "library/checks/"},
		{"empty", "README.md", "nothing", "own: there is no content in it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := library.Load(folder(map[string]string{tt.path: tt.text})); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestFoldersReadWithinBounds holds that what is no file, or none of content by its length, is not read.
func TestFoldersReadWithinBounds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		file *fstest.MapFile
		want string
	}{
		{"a pipe", &fstest.MapFile{Mode: fs.ModeNamedPipe}, "read own/frameworks/m.yaml: it is no regular file"},
		{"a device", &fstest.MapFile{Mode: fs.ModeDevice | fs.ModeCharDevice}, "read own/frameworks/m.yaml: it is no regular file"},
		{"too long", &fstest.MapFile{Data: make([]byte, 16<<20+1)}, "read own/frameworks/m.yaml: it is longer than 16 MB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := library.Load(library.Folder{Name: "own", FS: fstest.MapFS{"frameworks/m.yaml": tt.file}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// TestFrameworkFolders holds that a framework is a file or a folder with a header.
func TestFrameworkFolders(t *testing.T) {
	t.Parallel()
	const group = "id: %s\ntitle: G\ncontrols: [{id: C-%[1]s, title: T, checks: [s3_bucket_enforces_ssl]}]\n"
	set := func(id string) string { return strings.ReplaceAll(strings.ReplaceAll(group, "%s", id), "%[1]s", id) }
	tests := []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"in order", map[string]string{"frameworks/m/framework.yaml": head, "frameworks/m/b.yaml": set("b"), "frameworks/m/a.yaml": set("a")}, ""},
		{"no header", map[string]string{"frameworks/m/b.yaml": set("b")}, "own/frameworks/m/b.yaml: there is no framework.yaml beside it"},
		{"both", map[string]string{"frameworks/m/framework.yaml": head, "frameworks/m.yaml": head}, "own/frameworks/m.yaml: there is a folder of that name"},
		{"another id", map[string]string{"frameworks/m/framework.yaml": head, "frameworks/m/b.yaml": set("c")}, `own/frameworks/m/b.yaml:1: id: got "c", want the name of the file, "b"`},
		{"groups twice", map[string]string{"frameworks/m/framework.yaml": baseFramework, "frameworks/m/b.yaml": set("b")}, "groups: stand in files of their own"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			lib, err := library.Load(folder(tt.files))
			if err != nil {
				t.Fatal(err)
			}
			f, err := lib.Framework("m")
			switch {
			case tt.want == "" && err != nil:
				t.Fatal(err)
			case tt.want == "":
				if diff := cmp.Diff([]string{"a/C-a T s3_bucket_enforces_ssl", "b/C-b T s3_bucket_enforces_ssl"}, rows(f)); diff != "" {
					t.Errorf("controls (-want +got):\n%s", diff)
				}
			case err == nil || !strings.Contains(err.Error(), tt.want):
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestAliases(t *testing.T) {
	t.Parallel()
	lib, err := library.Load(folder(map[string]string{"frameworks/mine.yaml": "aliases: [The Well Known One]\n" + baseFramework}))
	if err != nil {
		t.Fatal(err)
	}
	if f, err := lib.Framework("the well known one"); err != nil || f.ID != "mine" {
		t.Errorf("got %v, %v; want the framework mine", f, err)
	}
	if _, err := lib.Framework("unheard"); err == nil || !strings.Contains(err.Error(), "there are: all, ") {
		t.Errorf("got %v, want the ids there are", err)
	}
}

// TestWorkloads holds that the register of a profile is read, and faults in it have their line.
func TestWorkloads(t *testing.T) {
	t.Parallel()
	lib, err := library.Load()
	if err != nil {
		t.Fatal(err)
	}
	const entry = "organisation: Acme\nworkloads:\n  - {id: support, name: Support, scope: 3, exposure: internal}\n"
	p, err := lib.ParseProfile("p.yaml", []byte(entry))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]assize.Workload{{ID: "support", Name: "Support", Scope: 3, Exposure: "internal"}}, p.Workloads); diff != "" {
		t.Errorf("workloads (-want +got):\n%s", diff)
	}
	without, err := lib.ParseProfile("p.yaml", []byte("organisation: Acme\n"))
	if err != nil || without.Digest == p.Digest {
		t.Errorf("the digest does not tell the workloads: %v", err)
	}
	for old, want := range map[string]string{
		"scope: 3":           "p.yaml:3: workload support: scope: 6 is none",
		"exposure: internal": `p.yaml:3: workload support: exposure: "near" is not one of`,
		"id: support":        `p.yaml:3: workload id "S 1"`,
		"name: Support":      "p.yaml:3: field nmae not found",
	} {
		replacement := map[string]string{"scope: 3": "scope: 6", "exposure: internal": "exposure: near", "id: support": "id: S 1", "name: Support": "nmae: Support"}[old]
		if _, err := lib.ParseProfile("p.yaml", []byte(strings.Replace(entry, old, replacement, 1))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", replacement, err, want)
		}
	}
}

// TestFrameworkDocument holds that the framework that docs/new-framework.md shows loads and is without fault.
func TestFrameworkDocument(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/new-framework.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), "```yaml\n")
	text, _, end := strings.Cut(rest, "```")
	if !found || !end {
		t.Fatal("the document shows no framework")
	}
	lib, err := library.Load(folder(map[string]string{"frameworks/acme_baseline.yaml": text}))
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Framework("acme_baseline")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows(f) {
		if strings.HasPrefix(row, "acme/") || strings.Contains(row, "SECAI3.8") || strings.Contains(row, "PRIV-14 ") {
			got = append(got, strings.Join(strings.Fields(row)[:6], " "))
		}
	}
	want := []string{"secure/SECAI3.8 Periodic Reviews [access-review workload owner", "acme/ACME-1 Old versions of training data"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("controls (-want +got):\n%s", diff)
	}
}
