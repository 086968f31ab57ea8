package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A fixture is one configuration and how it is planned.
type fixture struct {
	name string
	// args of terraform plan, beside those that all have.
	args []string
	// binary: the plan file is kept, too.
	binary bool
	// errored: the plan has to fail, and its file is kept all the same.
	errored bool
}

// fixtures are the folders below dir. One that has a terraform.tfstate is planned against it, unrefreshed.
var fixtures = []fixture{
	{name: "s3", binary: true},
	{name: "s3-modules", binary: true},
	{name: "sagemaker"},
	{name: "bedrock"},
	{name: "iam"},
	{name: "kms-trail"},
	{name: "vpc"},
	{name: "language"},
	{name: "defaults"},
	{name: "changes"},
	{name: "targeted", args: []string{"-target=aws_s3_bucket.b"}},
	{name: "destroy", args: []string{"-destroy"}},
	{name: "errored", errored: true},
	{name: "nothing"},
	{name: "judged-network"},
	{name: "judged-data"},
	{name: "judged-ai"},
	{name: "judged-account"},
	{name: "judged-edge"},
	{name: "intent-good"},
	{name: "intent-bad"},
}

// errNoTerraform: the machine lacks what makes plans.
var errNoTerraform = errors.New("not on this machine")

// terraform runs the program with the provider of a mirror.
type terraform struct {
	program string
	mirror  string
}

// newTerraform finds the program and, where mirror is empty, the mirror. The error is errNoTerraform where either is missing.
func newTerraform(mirror string) (*terraform, error) {
	program, err := exec.LookPath("terraform")
	if err != nil {
		return nil, fmt.Errorf("terraform: %w", errNoTerraform)
	}
	if mirror == "" {
		mirror = findMirror()
	}
	if mirror == "" {
		return nil, fmt.Errorf("a file system mirror with the provider hashicorp/aws: %w; name one with -mirror", errNoTerraform)
	}
	return &terraform{program: program, mirror: mirror}, nil
}

// findMirror looks below the usual folders for registry.terraform.io/hashicorp/aws, no deeper than four levels.
func findMirror() string {
	places := []string{"/opt", "/usr/local", "/usr/share", "/var/lib"}
	if home, err := os.UserHomeDir(); err == nil {
		places = append(places, filepath.Join(home, ".terraform.d"))
	}
	found := ""
	for _, place := range places {
		// A folder that cannot be entered holds no mirror that we could use.
		_ = filepath.WalkDir(place, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || !d.IsDir():
				return nil //nolint:nilerr // see above: the search goes on
			case d.Name() == "registry.terraform.io":
				if _, err := os.Stat(filepath.Join(path, "hashicorp", "aws")); err == nil {
					found = filepath.Dir(path)
					return fs.SkipAll
				}
			case strings.Count(strings.TrimPrefix(path, place), string(filepath.Separator)) >= 4:
				return fs.SkipDir
			}
			return nil
		})
		if found != "" {
			return found
		}
	}
	return ""
}

// A plan is what Terraform made.
type plan struct {
	file []byte // the plan file
	json []byte // what show -json says of it
}

// plan copies the configuration in folder and plans the copy.
func (t *terraform) plan(ctx context.Context, folder string, f fixture) (*plan, error) {
	work, err := os.MkdirTemp("", "planfixtures")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a copy in a temporary folder
	if err := t.initialise(ctx, work, folder); err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	args := append([]string{"plan", "-no-color", "-input=false", "-refresh=false", "-out=plan.tfplan"}, f.args...)
	if _, err := t.command(ctx, work, args...); (err != nil) != f.errored {
		return nil, fmt.Errorf("%s: want a failure: %t: %w", f.name, f.errored, err)
	}
	out, err := t.command(ctx, work, "show", "-no-color", "-json", "plan.tfplan")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, bytes.TrimSpace(out)); err != nil {
		return nil, fmt.Errorf("%s: what show -json says: %w", f.name, err)
	}
	compact.WriteByte('\n')
	file, err := os.ReadFile(filepath.Join(work, "plan.tfplan"))
	return &plan{file: file, json: compact.Bytes()}, err
}

// initialise copies the configuration in folder and links the mirror's provider.
func (t *terraform) initialise(ctx context.Context, work, folder string) error {
	if err := os.CopyFS(work, os.DirFS(folder)); err != nil {
		return fmt.Errorf("copying the configuration: %w", err)
	}
	rc := filepath.Join(work, "terraform.rc")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", t.mirror)
	if err := os.WriteFile(rc, []byte(text), 0o600); err != nil {
		return err
	}
	_, err := t.command(ctx, work, "init", "-no-color", "-input=false")
	return err
}

// command runs terraform in the folder and returns what it printed.
func (t *terraform) command(ctx context.Context, folder string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, t.program, args...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+filepath.Join(folder, "terraform.rc"), "TF_IN_AUTOMATION=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("terraform %s: %w\n%s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
