package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect/terraform"
	"github.com/assize-dev/assize/library"
)

// exceptionsFile is the register that is read where none is named.
const exceptionsFile = "exceptions.yaml"

// exceptions are those of the register and of comments in the configuration.
type exceptions struct {
	all []*exception
}

// exception is one with what it is for.
type exception struct {
	assize.Exception
	covers func(*assize.Finding) bool
	// used: a finding that fails has it.
	used bool
}

// readExceptions reads the register that is named, or exceptions.yaml where there is one.
func readExceptions(lib *library.Library, path string) (*exceptions, error) {
	named := path != ""
	if !named {
		path = exceptionsFile
	}
	data, err := readFile(path, maxWritten)
	switch {
	case errors.Is(err, os.ErrNotExist) && !named:
		return &exceptions{}, nil
	case err != nil:
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	entries, err := lib.ParseExceptions(path, data)
	if err != nil {
		return nil, fmt.Errorf("read exceptions: %w", err)
	}
	x := &exceptions{}
	for _, e := range entries {
		x.all = append(x.all, &exception{Exception: e, covers: byAddress(e.Address)})
	}
	return x, nil
}

// comments adds the exceptions that stand in the configuration. One for a check that there is not
// is an error: it was meant to except something.
func (x *exceptions) comments(lib *library.Library, all []terraform.Exception) error {
	var errs []error
	for _, c := range all {
		if lib.Check(c.Check) == nil {
			errs = append(errs, fmt.Errorf("%s:%d: assize:except: there is no check %q", c.File, c.Line, c.Check))
		}
		x.all = append(x.all, &exception{
			Exception: assize.Exception{
				Check: c.Check, Address: c.Block, Reason: c.Reason, Until: c.Until.Format(time.DateOnly), File: c.File, Line: c.Line,
			},
			covers: byBlock(c.Block, c.Modules),
		})
	}
	return errors.Join(errs...)
}

// expire marks those whose last day is before the day of the plan.
func (x *exceptions) expire(asOf time.Time) {
	today := asOf.UTC().Format(time.DateOnly)
	for _, e := range x.all {
		e.Expired = e.Until < today
	}
	// One that holds is taken before one that has expired, and the longer before the shorter.
	slices.SortStableFunc(x.all, func(a, b *exception) int { return strings.Compare(b.Until, a.Until) })
}

// apply gives a finding that fails the exception that is written for it.
func (x *exceptions) apply(f *assize.Finding) {
	if f.Outcome != assize.Fail {
		return
	}
	for _, e := range x.all {
		if e.Check == f.Check.ID && e.covers(f) {
			e.used = true
			if f.Exception == nil {
				f.Exception = &e.Exception
			}
		}
	}
}

// inForce are those that a finding has, by file and line.
func (x *exceptions) inForce() []assize.Exception {
	out := []assize.Exception{}
	for _, e := range x.sorted() {
		if e.used {
			out = append(out, e.Exception)
		}
	}
	return out
}

func (x *exceptions) sorted() []*exception {
	all := slices.Clone(x.all)
	slices.SortFunc(all, func(a, b *exception) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return all
}

// tell says which have expired, and which nothing needs.
func (x *exceptions) tell(w io.Writer) error {
	for _, e := range x.sorted() {
		what := ""
		switch {
		case e.used && e.Expired:
			what = "expired on " + e.Until + ", and what it is for still fails: mend it, or have the exception renewed"
		case !e.used:
			what = "nothing that fails here needs it: remove it where that holds everywhere"
			if e.InSource() {
				what = "nothing that fails needs it: it goes with the resource that the finding names, or is to be removed"
			}
		default:
			continue
		}
		if _, err := fmt.Fprintf(w, "assize: %s:%d: exception of %s for %s: %s\n", e.File, e.Line, e.Check, orNothing(e.Address), what); err != nil {
			return fmt.Errorf("write to standard error: %w", err)
		}
	}
	return nil
}

func orNothing(address string) string {
	if address == "" {
		return "nothing that follows it"
	}
	return address
}

// byAddress covers what has an address, ARN or label that the pattern fits.
func byAddress(pattern string) func(*assize.Finding) bool {
	return func(f *assize.Finding) bool {
		if fits(pattern, f.SubjectLabel()) {
			return true
		}
		return f.Resource != nil && f.Resource.KnownARN() != "" && fits(pattern, f.Resource.KnownARN())
	}
}

// byBlock covers the instances of a block, in each place that its module is called from, and all
// that a call of a module makes.
func byBlock(block string, modules [][]string) func(*assize.Finding) bool {
	var addresses []string
	for _, calls := range modules {
		address := ""
		for _, call := range calls {
			address += "module." + call + "."
		}
		addresses = append(addresses, address+block)
	}
	return func(f *assize.Finding) bool {
		if f.Resource == nil || f.Resource.Origin == nil || block == "" {
			return false
		}
		address := withoutKeys(f.Resource.Origin.Address)
		return slices.ContainsFunc(addresses, func(a string) bool {
			return address == a || strings.HasPrefix(block, "module.") && strings.HasPrefix(address, a+".")
		})
	}
}

// withoutKeys is a Terraform address without the keys of instances, which may hold
// anything in quotes.
func withoutKeys(address string) string {
	var b strings.Builder
	inKey, quoted := false, false
	for i := 0; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case inKey && c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			inKey = true
		case c == ']':
			inKey = false
		case !inKey:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// fits reports whether a text fits a pattern, in which * stands for any text.
func fits(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return text == pattern
	}
	if !strings.HasPrefix(text, first) {
		return false
	}
	text = text[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return strings.HasSuffix(text, last)
}
