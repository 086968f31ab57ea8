package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

// planDocuments show commands for people to copy.
var planDocuments = []string{"../../README.md", "../../docs/plan.md", "../../docs/pipelines.md", "../../docs/library.md"}

var (
	shownCommand = regexp.MustCompile(`(?m)(?:^|\s)(?:bin/)?assize (plan|assess|collect|library|framework|auditmanager)\b[^\n|#]*`)
	shownFlag    = regexp.MustCompile(`--[a-z][a-z-]*`)
)

// TestDocumentedFlagsExist holds that each command that a document shows has the flags that it is
// shown with.
func TestDocumentedFlagsExist(t *testing.T) {
	t.Parallel()
	n := 0
	for _, file := range planDocuments {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := strings.ReplaceAll(string(data), "\\\n", " ")
		for _, shown := range shownCommand.FindAllString(doc, -1) {
			shown, _, _ = strings.Cut(shown, "`")
			args := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(shown), "bin/"), "assize "))
			cmd, _, err := newRoot().Find(args)
			if err != nil || cmd.Name() == "assize" {
				t.Errorf("%s: %s: there is no such command: %v", filepath.Base(file), shown, err)
				continue
			}
			for _, flag := range shownFlag.FindAllString(shown, -1) {
				n++
				if !hasFlag(cmd, strings.TrimPrefix(flag, "--")) {
					t.Errorf("%s: %s: %s has no flag %s", filepath.Base(file), shown, cmd.CommandPath(), flag)
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("%d flags were found: the search misses what the documents show", n)
	}
}

func hasFlag(cmd *cobra.Command, name string) bool {
	return name == "help" || cmd.Flags().Lookup(name) != nil
}

// TestPlanDocumentShowsRealOutput holds that what docs/plan.md shows is printed.
func TestPlanDocumentShowsRealOutput(t *testing.T) {
	t.Chdir("../..")
	showsRealOutput(t, "docs/plan.md")
}

// TestPreCommitHooks runs each hook of .pre-commit-hooks.yaml as pre-commit does.
func TestPreCommitHooks(t *testing.T) {
	data, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID, Name, Description, Entry, Language, Files string
		PassFilenames                                 *bool `yaml:"pass_filenames"`
		RequireSerial                                 bool  `yaml:"require_serial"`
		Args                                          []string
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&hooks); err != nil {
		t.Fatal(err)
	}
	good := map[string]string{
		"main.tf":             "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"acme-b\"\n}\n",
		"stacks/template.yml": "Resources:\n  B: {Type: AWS::S3::Bucket}\n",
		"app.template.json":   `{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}`,
	}
	bad := map[string]string{
		"main.tf":             "resource \"aws_sagemaker_notebook_instance\" \"n\" {\n  name = \"n\"\n}\n",
		"stacks/template.yml": "Resources:\n  N: {Type: AWS::SageMaker::NotebookInstance}\n",
	}
	if len(hooks) != 2 {
		t.Fatalf("got %d hooks", len(hooks))
	}
	for _, h := range hooks {
		for want, files := range map[int]map[string]string{0: good, exitFail: bad} {
			t.Chdir(t.TempDir())
			args := append(strings.Fields(h.Entry), h.Args...)
			matched := 0
			for name, content := range files {
				if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				if regexp.MustCompile(h.Files).MatchString(name) {
					matched++
					if h.PassFilenames == nil || *h.PassFilenames {
						args = append(args, name)
					}
				}
			}
			if matched == 0 || h.Language != "golang" || args[0] != "assize" {
				t.Fatalf("%s: %v: matches %d files", h.ID, args, matched)
			}
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), args[1:], &stdout, &stderr); got != want {
				t.Errorf("%s: %v: got exit %d, want %d: %s", h.ID, args, got, want, stderr.String())
			}
		}
	}
}
