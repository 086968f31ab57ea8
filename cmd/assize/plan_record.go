package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/assize-dev/assize"
)

// recordFormat names the format of the record of a plan's judgement; see docs/plan.md.
const recordFormat = "assize-plan-record/1"

// recordHead says what was judged, with what.
type recordHead struct {
	Format        string `json:"format"`
	Version       string `json:"version"`
	LibraryDigest string `json:"library_digest"`
	ProfileDigest string `json:"profile_digest,omitempty"`
	Framework     string `json:"framework"`
	Scope         string `json:"scope"`
	Baseline      string `json:"baseline,omitempty"`
	// Source is what was given, Kind what it is, Digest that of the file.
	Source string    `json:"source"`
	Kind   string    `json:"kind"`
	Digest string    `json:"digest"`
	AsOf   time.Time `json:"as_of"`
	// TerraformVersion of the program that made the plan.
	TerraformVersion string `json:"terraform_version,omitempty"`
	Errored          bool   `json:"errored,omitempty"`
	Incomplete       bool   `json:"incomplete,omitempty"`
	// Accounts that it goes to; "" where that is not known.
	Accounts   []string          `json:"accounts"`
	Modules    []recordModule    `json:"modules"`
	Conditions []recordCondition `json:"conditions"`
}

type recordModule struct {
	Address string   `json:"address"`
	Source  string   `json:"source"`
	Version string   `json:"version,omitempty"`
	Marker  []string `json:"controls,omitempty"`
}

type recordCondition struct {
	Kind     string   `json:"kind"`
	Address  string   `json:"address"`
	Status   string   `json:"status"`
	Messages []string `json:"messages,omitempty"`
}

// recordVerdict is one finding.
type recordVerdict struct {
	Check   string         `json:"check"`
	Outcome assize.Outcome `json:"outcome"`
	Cause   assize.Cause   `json:"cause,omitempty"`
	Account string         `json:"account,omitempty"`
	Region  string         `json:"region,omitempty"`
	// Type, Address, ARN and Names of the resource; empty for an account. ARN and Names only
	// where the plan knows them and they are not sensitive.
	Type    string   `json:"type,omitempty"`
	Address string   `json:"address,omitempty"`
	ARN     string   `json:"arn,omitempty"`
	Names   []string `json:"names,omitempty"`
	File    string   `json:"file,omitempty"`
	Line    int      `json:"line,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	// Excepted or Expired: what the exception does.
	Excepted bool `json:"excepted,omitempty"`
	Expired  bool `json:"expired,omitempty"`
}

// recordTail is known after the last verdict.
type recordTail struct {
	Exceptions []assize.Exception `json:"exceptions"`
	Counts     assize.Counts      `json:"counts"`
	Excepted   int                `json:"excepted"`
	Expired    int                `json:"expired"`
	Deferred   int                `json:"deferred"`
}

// recordWriter writes a record finding by finding. nil writes nothing.
type recordWriter struct {
	file *pendingFile
	n    int
	err  error
}

// newRecord begins the record in a file; "" is none.
func newRecord(path string, run *assize.Run, in *planInput) (*recordWriter, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // a nil writer writes nothing, which is what is asked for
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("write the record: %w", err)
	}
	w := &recordWriter{file: &pendingFile{temp: temp, w: bufio.NewWriterSize(temp, 1<<16), final: path}}
	head, err := json.Marshal(headOfRecord(run, in))
	if err != nil {
		w.discard()
		return nil, fmt.Errorf("write the record: %w", err)
	}
	w.write(bytes.TrimSuffix(head, []byte("}")), []byte(`,"verdicts":[`))
	return w, nil
}

func headOfRecord(run *assize.Run, in *planInput) *recordHead {
	h := &recordHead{
		Format: recordFormat, Version: run.Version, LibraryDigest: run.LibraryDigest, ProfileDigest: run.ProfileDigest,
		Framework: run.Framework.ID, Scope: run.Scope, Baseline: run.Baseline, Source: in.label, Digest: in.digest,
		AsOf: run.AsOf, Kind: "template", Modules: []recordModule{}, Conditions: []recordCondition{}, Accounts: []string{},
	}
	for _, a := range run.Accounts {
		h.Accounts = append(h.Accounts, a.ID)
	}
	for _, t := range in.templates {
		h.Incomplete = h.Incomplete || len(t.Incomplete) > 0
	}
	p := in.plan
	if p == nil {
		return h
	}
	h.Kind, h.TerraformVersion, h.Errored, h.Incomplete = string(p.Kind), p.TerraformVersion, p.Errored, !p.Complete && !p.Errored
	for _, m := range p.Modules {
		h.Modules = append(h.Modules, recordModule(m))
	}
	for _, c := range p.Checks {
		h.Conditions = append(h.Conditions, recordCondition(c))
	}
	return h
}

// add writes the next finding.
func (w *recordWriter) add(f *assize.Finding) {
	if w == nil {
		return
	}
	v := recordVerdict{
		Check: f.Check.ID, Outcome: f.Outcome, Account: f.Account, Region: f.Region,
		Reason: assize.Shown(f.Reason), Excepted: f.Excepted(), Expired: f.Exception != nil && f.Exception.Expired,
	}
	if f.Unknown != nil {
		v.Cause = f.Unknown.Cause
	}
	if r := f.Resource; r != nil {
		v.Type, v.Address, v.ARN, v.Names = r.Type, r.Label(), r.ShownARN(), r.ShownNames()
		if o := r.Origin; o != nil {
			v.File, v.Line = o.File, o.Line
		}
	}
	data, err := json.Marshal(v)
	if w.err == nil {
		w.err = err
	}
	if w.n > 0 {
		w.write([]byte(","))
	}
	w.n++
	w.write([]byte("\n"), data)
}

func (w *recordWriter) write(parts ...[]byte) {
	for _, part := range parts {
		if w.err == nil {
			_, w.err = w.file.w.Write(part)
		}
	}
}

// end completes the record and puts it in its place.
func (w *recordWriter) end(s *assize.Summary, x *exceptions) error {
	if w == nil {
		return nil
	}
	tail, err := json.Marshal(recordTail{Exceptions: x.inForce(), Counts: s.Counts, Excepted: s.Excepted, Expired: s.Expired, Deferred: s.Deferred})
	if err != nil {
		return fmt.Errorf("write the record: %w", err)
	}
	w.write([]byte("\n],"), bytes.TrimPrefix(tail, []byte("{")), []byte("\n"))
	if w.err == nil {
		w.err = w.file.place()
		w.file = nil
	}
	if w.err != nil {
		return fmt.Errorf("write the record: %w", w.err)
	}
	return nil
}

// discard removes what is not complete.
func (w *recordWriter) discard() {
	if w == nil || w.file == nil {
		return
	}
	w.file.temp.Close()           //nolint:errcheck,gosec // it is thrown away
	os.Remove(w.file.temp.Name()) //nolint:errcheck,gosec // a hidden file that is left has no name of a result
}
