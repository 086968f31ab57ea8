package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/assize-dev/assize"
)

// Version of the format that is written; no other is read.
const Version = 1

// formatName is the value of the header's "format".
const formatName = "assize-snapshot"

// header is the first line.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	// Assize is the version that collected, Mapping the digest of its definitions.
	Assize      string           `json:"assize"`
	Mapping     string           `json:"mapping,omitempty"`
	AsOf        time.Time        `json:"as_of"`
	Accounts    []assize.Account `json:"accounts"`
	Requests    map[string]int   `json:"requests,omitempty"`
	Interrupted bool             `json:"interrupted,omitempty"`
}

// line is each line after the header; exactly one of its fields is set.
type line struct {
	Record   *record          `json:"record,omitempty"`
	Coverage *assize.Coverage `json:"coverage,omitempty"`
	Gap      *assize.Gap      `json:"gap,omitempty"`
	End      *footer          `json:"end,omitempty"`
}

// footer is the last line: with it, a file that lost its end is noticed.
type footer struct {
	Records  int `json:"records"`
	Coverage int `json:"coverage"`
	Gaps     int `json:"gaps"`
	// SHA256 of all lines before this one, in hexadecimal.
	SHA256 string `json:"sha256"`
}

// record is how an [assize.Record] is written.
type record struct {
	Type    string   `json:"type"`
	Account string   `json:"account"`
	Region  string   `json:"region"`
	ID      string   `json:"id"`
	ARN     string   `json:"arn,omitempty"`
	Answers []answer `json:"answers,omitempty"`
}

// answer is how an [assize.Answer] is written. An empty value is an answer, so it
// is told from none at all.
type answer struct {
	Operation string          `json:"operation"`
	Value     json.RawMessage `json:"value,omitempty"`
	None      string          `json:"none,omitempty"`
	Gap       *assize.Gap     `json:"gap,omitempty"`
	Masked    []string        `json:"masked,omitempty"`
}

// decode turns a written record into the one that was written.
func (r *record) decode() (*assize.Record, error) {
	if r.Type == "" || r.Account == "" || r.Region == "" || r.ID == "" {
		return nil, errors.New("record: want type, account, region and id")
	}
	out := &assize.Record{
		Type: r.Type, Account: r.Account, Region: r.Region, ID: r.ID, ARN: r.ARN,
		Answers: make([]assize.Answer, 0, len(r.Answers)),
	}
	for _, a := range r.Answers {
		if a.Operation == "" || out.Answer(a.Operation) != nil {
			return nil, fmt.Errorf("record %s: answers: operation %q: want a name, once", out.Key(), a.Operation)
		}
		decoded, err := a.decode()
		if err != nil {
			return nil, fmt.Errorf("record %s: %s: %w", out.Key(), a.Operation, err)
		}
		out.Answers = append(out.Answers, decoded)
	}
	return out, nil
}

func (a *answer) decode() (assize.Answer, error) {
	out := assize.Answer{Operation: a.Operation, None: a.None, Gap: a.Gap, Masked: a.Masked}
	if count(a.Value != nil, a.None != "", a.Gap != nil) != 1 {
		return out, errors.New("want one of value, none and gap")
	}
	if a.Gap != nil {
		return out, checkGap(a.Gap)
	}
	if a.Value == nil {
		return out, nil
	}
	v, err := assize.ParseValue(a.Value)
	if err != nil {
		return out, err
	}
	o, ok := v.(assize.Object)
	if !ok {
		return out, errors.New("value: want an object")
	}
	out.Value = o
	return out, nil
}

func checkGap(g *assize.Gap) error {
	if !g.Cause.Valid() {
		return fmt.Errorf("gap: cause %q is not one of %v", g.Cause, assize.Causes)
	}
	if g.Account == "" {
		return errors.New("gap: want an account")
	}
	return nil
}

func checkCoverage(c *assize.Coverage) error {
	switch {
	case c.Type == "" || c.Account == "" || c.Region == "":
		return errors.New("coverage: want type, account and region")
	case count(c.Complete, c.NotOffered != "", c.Gap != nil) != 1:
		return errors.New("coverage: want one of complete, not_offered and gap")
	case c.Gap != nil:
		return checkGap(c.Gap)
	}
	return nil
}

// count is how many are true.
func count(flags ...bool) int {
	n := 0
	for _, f := range flags {
		if f {
			n++
		}
	}
	return n
}
