package terraform_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/assize-dev/assize/collect/terraform"
)

// number and text are fields of a plan as it stands in the binary file, and wide one of eight bytes.
func number(field, value uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, field<<3), value)
}

func text(field uint64, value string) []byte {
	return append(binary.AppendUvarint(binary.AppendUvarint(nil, field<<3|2), uint64(len(value))), value...)
}

func wide(field uint64) []byte {
	return append(binary.AppendUvarint(nil, field<<3|1), make([]byte, 8)...)
}

// binaryPlan is a plan file of a configuration with one bucket.
func binaryPlan(t *testing.T, fields ...[]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range map[string]string{
		"tfplan": string(bytes.Join(fields, nil)), "tfconfig/modules.json": `[{"Key":"","Dir":"."}]`,
		"tfconfig/m-/main.tf": `resource "aws_s3_bucket" "b" {}`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBinaryPlansAlone holds that a binary plan that is judged by its configuration is not blessed when the plan
// failed, is incomplete, or does something else than the configuration says.
func TestBinaryPlansAlone(t *testing.T) {
	t.Parallel()
	version, made := number(1, 3), text(21, "2026-11-22T01:10:36Z")
	for _, tt := range []struct {
		name   string
		fields [][]byte
		allow  bool // incomplete plans
		want   string
		judged bool
	}{
		{"a whole one", [][]byte{version, text(3, strings.Repeat("x", 1<<12)), wide(99), made, number(26, 1)}, false, "", true},
		{"errored", [][]byte{version, number(20, 1), made}, true, terraform.ErrErrored.Error(), true},
		{"with -target", [][]byte{version, text(5, "aws_s3_bucket.b")}, false, terraform.ErrIncomplete.Error(), true},
		{"with -target, and that is allowed", [][]byte{version, text(5, "aws_s3_bucket.b")}, true, "", true},
		{"with what is put off", [][]byte{version, text(27, "x")}, false, terraform.ErrIncomplete.Error(), true},
		{"with -destroy", [][]byte{version, number(17, 1)}, true, "-destroy", false},
		{"with -refresh-only", [][]byte{version, number(17, 2)}, true, "-refresh-only", false},
		{"of another form", [][]byte{number(1, 4)}, true, "version 4, and version 3 is known", false},
		{"of no form", nil, true, "version 0", false},
		{"cut short", [][]byte{version, text(3, "xyz")[:3]}, true, "unexpected EOF", false},
		{"larger than it says", [][]byte{version, binary.AppendUvarint(number(3, 0)[:0], 3<<3|2), binary.AppendUvarint(nil, 1<<40)}, true, "larger than", false},
		{"something else", [][]byte{[]byte("plan")}, true, "give the output of `terraform show -json`", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			data := binaryPlan(t, tt.fields...)
			var c *terraform.Configured
			text, err := terraform.OpenZip(bytes.NewReader(data), int64(len(data)))
			if err == nil {
				c, err = text.Evaluate(terraform.DirOptions{Options: terraform.Options{Mapping: mappingOf(t), AllowIncomplete: tt.allow}})
			}
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("got error %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
			if got := c != nil; got != tt.judged {
				t.Errorf("judged: got %v, want %v", got, tt.judged)
			}
			if c != nil && c.Errored != errors.Is(err, terraform.ErrErrored) {
				t.Errorf("errored: got %v with error %v", c.Errored, err)
			}
		})
	}
}

// TestBinaryPlanMade holds that a binary plan says when it was made: by that the JSON beside it is told from
// that of another.
func TestBinaryPlanMade(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]time.Time{
		"2026-11-22T01:10:36Z": time.Date(2026, 11, 22, 1, 10, 36, 0, time.UTC), "yesterday": {}, "": {},
	} {
		data := binaryPlan(t, number(1, 3), text(21, at))
		text, err := terraform.OpenZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := text.Made(); !got.Equal(want) {
			t.Errorf("%q: got %v, want %v", at, got, want)
		}
	}
}
