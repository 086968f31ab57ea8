package terraform

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf16"
)

// MaxInput bounds what is read of one file, unpacked, in bytes.
const MaxInput = 1 << 30

// Kind is what a file is.
type Kind string

// The kinds of files. Those after KindZip are not read; [Read] says what to do instead.
const (
	KindNone      Kind = ""                  // nothing of Terraform's
	KindPlan      Kind = "plan"              // show -json of a plan
	KindStateJSON Kind = "state, as JSON"    // show -json of a state
	KindState     Kind = "state"             // terraform.tfstate, version 4
	KindZip       Kind = "binary plan"       // plan -out
	KindText      Kind = "text"              // show or plan without -json
	KindLog       Kind = "log"               // plan -json
	KindCloud     Kind = "cloud plan"        // the bookmark of a run in HCP Terraform
	KindEncrypted Kind = "encrypted"         // OpenTofu's encrypted plan or state
	KindOldState  Kind = "state, too old"    // a state file before version 4
	KindEmpty     Kind = "empty"             // nothing but space
	KindSchemas   Kind = "provider schemas"  // providers schema -json
	KindConfig    Kind = "configuration"     // .tf or .tf.json
	KindUnclear   Kind = "JSON of Terraform" // a document with a format version that is none of these
)

// errors of files that are not read.
var notRead = map[Kind]string{
	KindText:      "this is the text of a plan for people, which leaves out what checks need: run `terraform show -json <plan file>` and give its output",
	KindLog:       "this is the log of `terraform plan -json`, not the plan: run `terraform plan -out <plan file>` and give the output of `terraform show -json <plan file>`",
	KindCloud:     "this is the bookmark of a run in HCP Terraform, which holds no plan: run `terraform show -json <plan file>` where you are logged in, or download the run's JSON plan",
	KindEncrypted: "this is encrypted: run `tofu show -json <file>` where the key is at hand and give its output",
	KindOldState:  "this is a state file of a version before 4: run `terraform show -json` with a Terraform that reads it and give the output",
	KindEmpty:     "this is empty: `terraform show -json <plan file>` was probably run on a file that is no plan, or failed",
	KindSchemas:   "these are the schemas of providers, not a plan: give the output of `terraform show -json <plan file>`",
	KindZip:       "this is a binary plan: its configuration can be read, exact values are in the output of `terraform show -json <plan file>`",
	KindNone:      "this is nothing that Terraform writes: give the output of `terraform show -json <plan file>`",
	KindUnclear:   "this is JSON of Terraform, but neither a plan nor a state: give the output of `terraform show -json <plan file>`",
	KindConfig:    "this is one file of a configuration: give its folder",
}

// readAll reads the input, unpacks gzip and turns UTF-16 into UTF-8. size is about what there is
// to read, 0 when that is not known.
func readAll(r io.Reader, size int64) ([]byte, error) {
	data, err := readBounded(r, size)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		if data, err = unpack(data); err != nil {
			return nil, fmt.Errorf("unpack gzip: %w", err)
		}
	}
	return utf8Text(data), nil
}

// unpack unpacks gzip. It is unpacked twice: first to see how large it is, so that what is
// too large takes no memory.
func unpack(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	size, err := io.Copy(io.Discard, io.LimitReader(z, MaxInput+1))
	if err != nil {
		return nil, err
	}
	if size > MaxInput {
		return nil, errTooLarge
	}
	if err := z.Reset(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	return readBounded(z, size)
}

var errTooLarge = fmt.Errorf("it is larger than %d MB, the most that is read", MaxInput>>20)

func readBounded(r io.Reader, size int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(size, MaxInput)) + bytes.MinRead) // a large file is not copied as the buffer grows
	n, err := b.ReadFrom(io.LimitReader(r, MaxInput+1))
	if err != nil {
		return nil, err
	}
	if n > MaxInput {
		return nil, errTooLarge
	}
	return b.Bytes(), nil
}

// sizeOf is about how much there is to read; 0 when that is not known.
func sizeOf(r io.Reader) int64 {
	switch x := r.(type) {
	case interface{ Len() int }:
		return int64(x.Len())
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := x.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// utf8Text removes a byte order mark, and turns UTF-16 into UTF-8: PowerShell writes it
// when a command's output is redirected.
func utf8Text(data []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return data[3:]
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order, data = binary.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order, data = binary.BigEndian, data[2:]
	case len(data) > 3 && data[0] == '{' && data[1] == 0:
		order = binary.LittleEndian
	case len(data) > 3 && data[0] == 0 && data[1] == '{':
		order = binary.BigEndian
	default:
		return data
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// document is one JSON object of a file, with the texts of its top-level fields.
type document struct {
	kind   Kind
	fields map[string][]byte
}

// documents finds the JSON objects of a file: one begins on each line that begins with
// "{". Lines between them are what a program logged before or behind.
func documents(data []byte) ([]document, error) {
	var docs []document
	s := &scanner{data: data}
	for s.pos < len(data) {
		s.space()
		if s.pos < len(data) && data[s.pos] == '{' {
			from := s.pos
			doc, err := s.document()
			switch {
			case err == nil:
				docs = append(docs, doc)
				continue
			case errors.Is(err, errEnd):
				return nil, err
			case !isLogLine(data[from:]):
				return nil, err
			}
			s.pos, s.depth = from, 0
		}
		end := bytes.IndexByte(data[s.pos:], '\n')
		if end < 0 {
			break
		}
		s.pos += end + 1
	}
	return docs, nil
}

// isLogLine tells a line that only looks like JSON: the next byte after { begins no field.
func isLogLine(data []byte) bool {
	rest := bytes.TrimLeft(data[1:], " \t\r\n")
	return len(rest) > 0 && rest[0] != '"' && rest[0] != '}'
}

func (s *scanner) document() (document, error) {
	doc := document{fields: map[string][]byte{}}
	err := s.object(func(name string) error {
		raw, err := s.skip()
		if doc.fields[name] != nil {
			return s.fail(fmt.Sprintf("field %q stands twice", name))
		}
		doc.fields[name] = raw
		return err
	})
	doc.kind = kindOf(doc.fields)
	return doc, err
}

// kindOf tells by the names of its fields what a JSON object is.
func kindOf(fields map[string][]byte) Kind {
	has := func(names ...string) bool {
		for _, name := range names {
			if _, ok := fields[name]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case has("encrypted_data") || has("encryption_version"):
		return KindEncrypted
	case has("remote_plan_format"):
		return KindCloud
	case has("@level", "@message"):
		return KindLog
	case has("format_version") && has("values"):
		return KindStateJSON
	case has("format_version") && has("planned_values", "resource_changes", "configuration", "applyable", "errored", "complete",
		"output_changes", "resource_drift", "variables", "prior_state", "timestamp"):
		return KindPlan
	case has("format_version") && has("provider_schemas"):
		return KindSchemas
	case len(fields) <= 3 && has("format_version") && (len(fields) == 1 || has("terraform_version", "checks")):
		return KindStateJSON // of nothing
	case has("version") && has("terraform_version", "lineage", "serial"):
		if string(bytes.TrimSpace(fields["version"])) != "4" {
			return KindOldState
		}
		return KindState
	case has("format_version"):
		return KindUnclear
	}
	return KindNone
}

// Detect tells from the first bytes of a file, and its name, what it is. A few kilobytes are
// enough; what follows them is not judged. The kind of a file that is not Terraform's
// is KindNone.
func Detect(head []byte, name string) Kind {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return KindZip
	}
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		head = unpackHead(head)
	}
	head = utf8Text(head)
	text := bytes.TrimSpace(head)
	switch {
	case len(text) == 0:
		return KindEmpty
	case bytes.HasSuffix([]byte(name), []byte(".tf")), bytes.HasSuffix([]byte(name), []byte(".tf.json")):
		return KindConfig
	case planText(text):
		return KindText
	}
	return detectJSON(head)
}

// unpackHead unpacks as much as there is of a gzip's beginning.
func unpackHead(head []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(head))
	if err != nil {
		return head
	}
	out := make([]byte, 1<<16)
	n, _ := io.ReadFull(z, out) // what is cut off ends early, which is what was asked for
	return out[:n]
}

// planText tells what terraform plan and show print for people.
func planText(text []byte) bool {
	for _, mark := range []string{
		"Terraform will perform the following actions", "OpenTofu will perform the following actions",
		"Terraform used the selected providers", "OpenTofu used the selected providers",
		"Resource actions are indicated with", "No changes. Your infrastructure matches", "# aws_", "Changes to Outputs:",
	} {
		if bytes.Contains(text, []byte(mark)) && !bytes.Contains(text, []byte(`"format_version"`)) {
			return true
		}
	}
	return false
}

// detectJSON reads the fields of the first object as far as the text goes.
func detectJSON(head []byte) Kind {
	for rest := head; ; {
		at := bytes.IndexByte(rest, '{')
		if at < 0 {
			return KindNone
		}
		fields := map[string][]byte{}
		s := &scanner{data: rest, pos: at}
		err := s.object(func(name string) error {
			fields[name] = []byte("4")
			raw, err := s.skip()
			if err == nil {
				fields[name] = raw
			}
			return err
		})
		if kind := kindOf(fields); kind != KindNone || err == nil || errors.Is(err, errEnd) {
			if errors.Is(err, errEnd) && fields["format_version"] != nil && fields["values"] == nil && kind != KindSchemas {
				return KindPlan // the rest is cut off, and a state's values come first
			}
			return kind
		}
		rest = rest[at+1:]
	}
}
