package terraform_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize/collect/terraform"
)

const smallPlan = `{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{"address":"aws_s3_bucket.b","mode":"managed",` +
	`"type":"aws_s3_bucket","name":"b","provider_name":"registry.terraform.io/hashicorp/aws","change":{"actions":["create"],"before":null,` +
	`"after":{"bucket":"größe-\u00fc"},"after_unknown":{"id":true}}}],"complete":true,"errored":false}`

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16Text(text string, order binary.ByteOrder, mark bool) string {
	units := utf16.Encode([]rune(text))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	out := make([]byte, 2*len(units))
	for i, u := range units {
		order.PutUint16(out[2*i:], u)
	}
	return string(out)
}

// TestReadForms holds that a plan is read whatever a pipeline did to its text, and that the
// digest is of what was given.
func TestReadForms(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"plain":                     smallPlan,
		"byte order mark":           "\ufeff" + smallPlan,
		"CRLF":                      strings.ReplaceAll(smallPlan, ",", ",\r\n"),
		"UTF-16 LE with mark":       utf16Text(smallPlan, binary.LittleEndian, true),
		"UTF-16 BE with mark":       utf16Text(smallPlan, binary.BigEndian, true),
		"UTF-16 LE":                 utf16Text(smallPlan, binary.LittleEndian, false),
		"gzip":                      packed(t, smallPlan),
		"lines of a log before":     "+ terraform show -json\n[INFO] {brace} in a line\n{not json}\n" + smallPlan,
		"lines of a log behind":     smallPlan + "\nReleasing state lock. This may take a few moments...\n",
		"a log in JSON around it":   `{"@level":"info","@message":"x"}` + "\n" + smallPlan + "\n" + `{"@level":"info","@message":"y"}`,
		"format of Terraform 0.12":  strings.Replace(smallPlan, `"1.2"`, `"0.1"`, 1),
		"format of a later version": strings.Replace(smallPlan, `"1.2"`, `"1.9"`, 1),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := terraform.Read(strings.NewReader(text), terraform.Options{Mapping: mappingOf(t)})
			if err != nil {
				t.Fatal(err)
			}
			if got := find(t, p.After, "aws_s3_bucket.b").Properties.Get("BucketName"); got != "größe-ü" {
				t.Errorf("name: got %v", got)
			}
			if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))); p.Digest != want {
				t.Errorf("digest: got %s, want %s", p.Digest, want)
			}
		})
	}
}

// changeOf is a plan of one bucket with the text of its change.
func changeOf(text string) string {
	return `{"format_version":"1.2","complete":true,"errored":false,"resource_changes":[{"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket",` +
		`"name":"b","provider_name":"registry.terraform.io/hashicorp/aws","change":{` + text + `}}]}`
}

// TestReadRefuses holds that what is no whole plan is an error that says what to do.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		kind       terraform.Kind
		want       string
	}{
		{"empty", " \n", terraform.KindEmpty, "this is empty"},
		{"text for people", "Terraform will perform the following actions:\n  # aws_s3_bucket.b will be created", terraform.KindText, "terraform show -json"},
		{"a log", `{"@level":"info","@message":"Terraform 1.11.4","type":"version"}` + "\n" + `{"@level":"info","@message":"Plan: 1 to add"}`, terraform.KindLog, "log of `terraform plan -json`"},
		{"a cloud plan", `{"remote_plan_format":1,"run_id":"run-1","hostname":"app.terraform.io"}`, terraform.KindCloud, "bookmark of a run"},
		{"encrypted", `{"meta":{},"encrypted_data":"x","encryption_version":"v0"}`, terraform.KindEncrypted, "encrypted"},
		{"schemas", `{"format_version":"1.0","provider_schemas":{}}`, terraform.KindSchemas, "schemas of providers"},
		{"an old state", `{"version":3,"serial":1,"lineage":"x"}`, terraform.KindOldState, "before 4"},
		{"an empty state", `{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[]}`, terraform.KindState, "no resources"},
		{"an empty state, as JSON", `{"format_version":"1.0"}`, terraform.KindStateJSON, "no resources"},
		{"a template", `{"Resources":{}}`, terraform.KindNone, "nothing that Terraform writes"},
		{"a list", `[1]`, terraform.KindNone, "nothing that Terraform writes"},
		{"a later format", strings.Replace(smallPlan, `"1.2"`, `"2.0"`, 1), terraform.KindPlan, "format version 2.0"},
		{"cut off", smallPlan[:len(smallPlan)-20], terraform.KindPlan, "cut off"},
		{"two plans", smallPlan + "\n" + smallPlan, terraform.KindPlan, "more than one"},
		{"a field twice", strings.Replace(smallPlan, `"complete"`, `"format_version":"1.2","complete"`, 1), terraform.KindPlan, "stands twice"},
		{"broken", strings.Replace(smallPlan, `:true}`, `:tru}`, 1), terraform.KindPlan, "want a value"},
		{"an action of the future", changeOf(`"actions":["explode"],"after":{}`), terraform.KindPlan, `aws_s3_bucket.b: action "explode" is not known`},
		{"no action", changeOf(`"actions":[],"after":{}`), terraform.KindPlan, "is not known here"},
		{"values that are no object", changeOf(`"actions":["create"],"after":5`), terraform.KindPlan, "no objects"},
		{"no values", changeOf(`"actions":["create"],"after":null`), terraform.KindPlan, "does not show how it will be"},
		{"an attribute twice", changeOf(`"actions":["create"],"after":{"bucket":"a","bucket":"b"}`), terraform.KindPlan, `"bucket" stands twice`},
		{"a flag that is a text", `{"format_version":"1.2","errored":"true","resource_changes":[]}`, terraform.KindPlan, "neither true nor false"},
		{
			"resources without changes", `{"format_version":"1.2","resource_changes":[],"planned_values":{"root_module":{"resources":[{"mode":"managed"}]}}}`,
			terraform.KindPlan, "-refresh-only",
		},
		{"nested without end", `{"format_version":"1.2","planned_values":` + strings.Repeat("[", 5000), terraform.KindPlan, "nested deeper"},
		{"gzip cut off", packed(t, smallPlan)[:60], terraform.KindNone, "unpack gzip"},
		{
			"refresh only", `{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"mode":"managed"}]}},"complete":true,"errored":false}`,
			terraform.KindPlan, "-refresh-only",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := terraform.Detect([]byte(tt.text), "file"); got != tt.kind {
				t.Errorf("kind: got %q, want %q", got, tt.kind)
			}
			_, err := terraform.Read(strings.NewReader(tt.text), terraform.Options{Mapping: mappingOf(t)})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error: got %v, want %q in it", err, tt.want)
			}
		})
	}
}

// TestDetectHead holds that the first bytes are enough.
func TestDetectHead(t *testing.T) {
	t.Parallel()
	state := `{"version": 4, "terraform_version": "1.11.4", "serial": 1, "resources": [` + strings.Repeat(" ", 9000)
	tests := map[terraform.Kind]string{
		terraform.KindPlan:      smallPlan[:60],
		terraform.KindState:     state[:4096],
		terraform.KindStateJSON: `{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[{"addr`,
		terraform.KindZip:       "PK\x03\x04...",
	}
	for want, head := range tests {
		if got := terraform.Detect([]byte(head), ""); got != want {
			t.Errorf("%.40s: got %q, want %q", head, got, want)
		}
	}
	if got := terraform.Detect([]byte(`resource "aws_s3_bucket" "b" {}`), "main.tf"); got != terraform.KindConfig {
		t.Errorf("main.tf: got %q", got)
	}
}

// TestErrored holds that a plan that failed is an error, and what it had planned is there.
func TestErrored(t *testing.T) {
	t.Parallel()
	p, err := terraform.ReadFile(filepath.Join("testdata", "plans", "errored", "plan.json"), terraform.Options{Mapping: mappingOf(t), AllowIncomplete: true})
	if !errors.Is(err, terraform.ErrErrored) {
		t.Fatalf("got error %v, want %v", err, terraform.ErrErrored)
	}
	find(t, p.After, "aws_s3_bucket.readable")
	var got []string
	for _, c := range p.Checks {
		got = append(got, c.Kind+" "+c.Address+" "+c.Status+" "+strings.Join(c.Messages, "; "))
	}
	want := []string{
		"resource aws_s3_bucket.b fail [genai/s3_bucket_versioning_enabled] versioning must be enabled.",
		"check check.names pass ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("checks (-want +got):\n%s", diff)
	}
	_, err = terraform.ReadFile(filepath.Join("testdata", "plans", "targeted", "plan.json"), terraform.Options{Mapping: mappingOf(t)})
	if !errors.Is(err, terraform.ErrIncomplete) {
		t.Errorf("targeted: got error %v, want %v", err, terraform.ErrIncomplete)
	}
}

// TestSummary holds that each resource is counted once.
func TestSummary(t *testing.T) {
	t.Parallel()
	p, err := terraform.ReadFile(filepath.Join("testdata", "plans", "changes", "plan.json"), terraform.Options{Mapping: mappingOf(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := terraform.Summary{Create: 1, Update: 2, Replace: 1, Delete: 2, Forget: 1, NoOp: 1, Moved: 1, Mapped: 5, Total: 5}
	if diff := cmp.Diff(want, p.Summary); diff != "" {
		t.Errorf("summary (-want +got):\n%s", diff)
	}
}

// FuzzRead holds that no input makes the loader panic or hang, and that an error or a plan
// comes of each.
func FuzzRead(f *testing.F) {
	f.Add([]byte(smallPlan))
	f.Add([]byte(`{"version":4,"terraform_version":"1.11.4","resources":[{"mode":"managed","type":"aws_s3_bucket","name":"b","instances":[{"index_key":0,"attributes":{"id":"x"}}]}]}`))
	f.Add([]byte(`{"format_version":"1.0","values":{"root_module":{"resources":[{"address":"aws_s3_bucket.b[\"a\"]","mode":"managed","type":"aws_s3_bucket","values":{}}]}}}`))
	for _, name := range []string{"s3-modules", "changes", "errored"} {
		data, err := os.ReadFile(filepath.Join("testdata", "plans", name, "plan.json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	m := mappingOf(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := terraform.Read(bytes.NewReader(data), terraform.Options{Mapping: m})
		if (p == nil) != (err != nil) && !errors.Is(err, terraform.ErrErrored) && !errors.Is(err, terraform.ErrIncomplete) && p == nil {
			t.Errorf("neither a plan nor an error")
		}
		if p != nil && (p.After == nil || p.Before == nil) {
			t.Errorf("a plan without inventories")
		}
	})
}
