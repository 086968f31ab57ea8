package terraform

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// Options say what is known beside the file.
type Options struct {
	// Mapping of the definitions; required.
	Mapping *collect.PlannedMapping
	// Account that resources go to where the file does not prove one; may be empty.
	Account string
	// Region that resources go to where the file does not say one; may be empty.
	Region string
	// Source is the text of the configuration, nil where there is none.
	Source Source
	// AllowIncomplete takes a plan that was made with -target.
	AllowIncomplete bool
}

// Errors of plans that were read, and must not be taken as if they were whole.
var (
	// ErrErrored: planning failed. What was planned before is in the Plan.
	ErrErrored = errors.New("the plan is errored: planning failed, and Terraform will not apply it")
	// ErrIncomplete: the plan was made with -target, or defers something.
	ErrIncomplete = errors.New("the plan is incomplete (-target): what it leaves out is not judged")
)

// Plan is what a plan, state or configuration says.
type Plan struct {
	Kind Kind
	// FormatVersion of the JSON, TerraformVersion of the program that wrote it.
	FormatVersion, TerraformVersion string
	// Timestamp is when it was made, zero where it does not say so.
	Timestamp time.Time
	// Errored: planning failed. Complete: everything of the configuration was planned.
	Errored, Complete bool
	// Digest of the file as it was given, "sha256:<hex>".
	Digest string
	// After is what there will be, Before what there is now; of a state and a
	// configuration they are the same.
	After, Before *assize.Inventory
	// Checks are the results of conditions that the configuration states itself.
	Checks []ModuleCheck
	// Drift is what changed outside of Terraform before the plan was made.
	Drift []Drift
	// Leaving are resources that are deleted or forgotten, of types that a definition knows.
	Leaving []Leaving
	// Unmapped counts resources of types that no definition knows.
	Unmapped map[string]int
	// Modules are the calls of modules, by address without instance keys.
	Modules []Module
	// Deferred are addresses of which Terraform put planning off.
	Deferred []string
	Summary  Summary
}

// Summary counts resource instances. Each is counted once by its action; Imported and Moved
// count some of them again.
type Summary struct {
	Create, Update, Replace, Delete, Forget, NoOp int
	Imported, Moved                               int
	// Mapped of those that will be there have a definition, or are part of one that has.
	Mapped, Total int
}

// ModuleCheck is the result of one object that has conditions: a check block, a
// resource, an output or a variable.
type ModuleCheck struct {
	Kind    string // check, resource, output_value, var
	Address string // of the instance
	Status  string // pass, fail, error, unknown
	// Messages of conditions that do not hold.
	Messages []string
}

// Drift is a resource that changed outside of Terraform.
type Drift struct {
	Address, Type string
	Action        string // update or delete
}

// Leaving is a resource that is in the state and will not be.
type Leaving struct {
	Address string
	// Forgotten: Terraform leaves it as it is in AWS, and manages it no more.
	Forgotten bool
}

// Module is a module call.
type Module struct {
	Address string
	// Source as it is written, without what lets one in; Version as it is demanded.
	Source, Version string
	// Marker is the constant value of the output assize_controls, where the module has it.
	Marker []string
}

// ReadFile reads a file; see [Read].
func ReadFile(path string, o Options) (*Plan, error) {
	f, err := os.Open(path) //nolint:gosec // the path is what the user asks to read
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing was written
	p, err := Read(f, o)
	if err != nil {
		return p, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// Read reads the JSON of a plan or a state, or a state file: in UTF-8 or UTF-16, packed with
// gzip or not, with lines of a log before or behind. It refuses everything else, and says
// what to give instead. With [ErrErrored] and [ErrIncomplete] the Plan is not nil and
// holds what could be read.
func Read(r io.Reader, o Options) (*Plan, error) {
	h := newDigest(r)
	data, err := readAll(h, sizeOf(r))
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	doc, err := only(data)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	read := readers[doc.kind]
	if read == nil {
		return nil, fmt.Errorf("read plan: %s", notRead[doc.kind])
	}
	p, err := read(doc, o)
	if p != nil {
		p.Digest = h.String()
		p.After.Digest, p.Before.Digest = p.Digest, p.Digest
	}
	return p, err
}

// readers read the kinds of documents that are read.
var readers = map[Kind]func(*document, Options) (*Plan, error){
	KindPlan: readPlan, KindStateJSON: readStateJSON, KindState: readState,
}

// only finds the one plan or state of a file.
func only(data []byte) (*document, error) {
	docs, err := documents(data)
	if err != nil {
		return nil, err
	}
	var found *document
	rest := KindNone
	for i := range docs {
		switch {
		case readers[docs[i].kind] == nil:
			rest = cmp.Or(rest, docs[i].kind)
		case found != nil:
			return nil, errors.New("the file holds more than one plan or state: give one at a time")
		default:
			found = &docs[i]
		}
	}
	switch {
	case found != nil:
		return found, nil
	case rest == KindNone:
		rest = Detect(data, "")
	}
	if notRead[rest] == "" {
		rest = KindNone
	}
	return &document{kind: rest}, nil
}
