package terraform

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
)

// digest is a reader that hashes what it reads.
type digest struct {
	io.Reader
	h hash.Hash
}

func newDigest(r io.Reader) *digest {
	h := sha256.New()
	return &digest{io.TeeReader(r, h), h}
}

func (d *digest) String() string { return "sha256:" + hex.EncodeToString(d.h.Sum(nil)) }

// change is one instance of resource_changes.
type change struct {
	*kind
	address          string
	key              instanceKey
	action           string
	importing, moved bool
	exists           bool // there is one before the plan is applied

	beforeValues, afterValues, afterPending assize.Value
	hidden                                  *hidden // nil where nothing is marked
}

// kind is what all instances of a block of one provider have in common.
type kind struct{ mode, typ, name, provider string }

// hidden are the paths of values that are marked as sensitive, before and after.
type hidden struct{ before, after []string }

func (h *hidden) ofBefore() []string {
	if h == nil {
		return nil
	}
	return h.before
}

func (h *hidden) ofAfter() []string {
	if h == nil {
		return nil
	}
	return h.after
}

// changeText is what is read of a change and not kept: plans are large, and their text goes once
// all values are read.
type changeText struct {
	change
	moduleAddress, deposed string

	before, beforeMarks             []byte
	after, afterUnknown, afterMarks []byte
}

func newChange() *changeText { return &changeText{change: change{kind: &kind{}}} }

// planFile is a plan on its way to an inventory.
type planFile struct {
	o         Options
	m         *collect.PlannedMapping
	plan      *Plan
	names     map[string]string // of fields, each once
	conf      *configuration
	variables map[string]assize.Value // of the root module
	priorData map[string][]byte       // values of data sources that were read, by address
	scopes    map[string]*scope       // by key of the provider's configuration
	kinds     map[kind]*knownKind
	marks     map[string]assize.Value // trees of marks by their text: instances of a block have the same
	unset     map[string]*assize.Unknown

	objects    []*planned
	callGroups map[segment]*jointGroup
	linker     *linker
	byAddress  map[string]*joint // what there will be; asked for by a source alone
	modules    map[string]*moduleInstance
}

// readPlan reads the JSON of a plan.
func readPlan(doc *document, o Options) (*Plan, error) {
	f := &planFile{
		o: o, m: o.Mapping, plan: &Plan{Kind: KindPlan, Complete: true}, names: map[string]string{},
		variables: map[string]assize.Value{}, priorData: map[string][]byte{}, scopes: map[string]*scope{},
		kinds: map[kind]*knownKind{}, marks: map[string]assize.Value{}, unset: map[string]*assize.Unknown{}, modules: map[string]*moduleInstance{}, callGroups: map[segment]*jointGroup{},
	}
	if err := f.head(doc.fields); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	if err := f.body(doc.fields); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	if len(f.objects) == 0 && hasManaged(doc.fields) && !f.plan.Errored {
		return nil, errors.New("read plan: it only refreshes the state (-refresh-only) and changes nothing that could be judged; " +
			"give the output of `terraform show -json` for a plan, or for the state")
	}
	f.translate()
	switch {
	case f.plan.Errored:
		return f.plan, ErrErrored
	case !f.plan.Complete && !o.AllowIncomplete:
		return f.plan, ErrIncomplete
	}
	return f.plan, nil
}

// hasManaged tells whether the plan knows of resources, though it lists no changes.
func hasManaged(fields map[string][]byte) bool {
	for _, name := range []string{"planned_values", "prior_state"} {
		if bytes.Contains(fields[name], []byte(`"managed"`)) {
			return true
		}
	}
	return false
}

// head reads what says what the plan is.
func (f *planFile) head(fields map[string][]byte) error {
	p := f.plan
	p.FormatVersion, p.TerraformVersion = parseText(fields["format_version"]), parseText(fields["terraform_version"])
	if err := checkFormat(p.FormatVersion); err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC3339, parseText(fields["timestamp"])); err == nil {
		p.Timestamp = t.UTC()
	}
	flag := func(name string) string { return string(bytes.TrimSpace(fields[name])) }
	for _, name := range []string{"errored", "complete"} {
		if raw := fields[name]; !isNothing(raw) && !isFlag(bytes.TrimSpace(raw)) {
			return fmt.Errorf("%s is neither true nor false", name)
		}
	}
	p.Errored = flag("errored") == "true"
	// OpenTofu and older versions do not write it: that is not false.
	p.Complete = flag("complete") != "false" && !p.Errored
	return nil
}

// checkFormat takes each version that begins with 0. or 1.: within them only additions are
// made ("JSON Output Format", format version).
func checkFormat(version string) error {
	major, _, ok := strings.Cut(version, ".")
	switch {
	case ok && (major == "0" || major == "1"):
		return nil
	case version == "":
		return errors.New("it does not say its format version")
	}
	return fmt.Errorf("format version %s is not known here, versions 0.x and 1.x are: a newer assize may read it", version)
}

// body reads the parts in the order in which they need one another.
func (f *planFile) body(fields map[string][]byte) error {
	var err error
	if f.conf, err = parseConfiguration(fields["configuration"], f.names); err != nil {
		return err
	}
	if err := f.readVariables(fields["variables"]); err != nil {
		return fmt.Errorf("variables: %w", err)
	}
	if err := f.readPrior(fields["prior_state"]); err != nil {
		return fmt.Errorf("prior state: %w", err)
	}
	if err := f.readChanges(fields["resource_changes"], f.addChange); err != nil {
		return fmt.Errorf("resource changes: %w", err)
	}
	if err := f.readChanges(fields["resource_drift"], f.addDrift); err != nil {
		return fmt.Errorf("resource drift: %w", err)
	}
	if err := f.readDeferred(fields["deferred_changes"]); err != nil {
		return fmt.Errorf("deferred changes: %w", err)
	}
	if err := f.readChecks(fields["checks"]); err != nil {
		return fmt.Errorf("checks: %w", err)
	}
	f.plan.Modules = modulesOf(f.conf.root, nil)
	return nil
}

// scanner reads a part of the document, which was checked when the document was split.
func (f *planFile) scanner(raw []byte) *scanner {
	return &scanner{data: raw, names: f.names, checked: true}
}

// isNothing tells a part that is left out or null.
func isNothing(raw []byte) bool {
	return len(raw) == 0 || string(raw) == "null"
}

func (f *planFile) readVariables(raw []byte) error {
	if isNothing(raw) {
		return nil
	}
	s := f.scanner(raw)
	return s.object(func(name string) error {
		v, err := s.value()
		if o, ok := v.(assize.Object); ok {
			f.variables[name] = o.Get("value")
		}
		return err
	})
}

func (f *planFile) readChanges(raw []byte, add func(*changeText) error) error {
	if isNothing(raw) {
		return nil
	}
	s := f.scanner(raw)
	return s.array(func() error {
		c := newChange()
		err := s.change(c)
		if err == nil {
			err = c.unfit()
		}
		if err == nil {
			err = add(c)
		}
		return err
	})
}

// actions are those of plans, with that which stands for two ("JSON Output Format", change
// representation).
var actions = []string{"no-op", "create", "read", "update", "delete", "forget", "replace"}

// unfit says why a change cannot be judged: what is not understood must not read as nothing.
func (c *changeText) unfit() error {
	switch {
	case c.address == "" || c.typ == "":
		return errors.New("a change has no address or no type")
	case !slices.Contains(actions, c.action):
		return fmt.Errorf("%s: action %q is not known here: a newer assize may read it", c.address, c.action)
	case !isNothing(c.before) && c.before[0] != '{', !isNothing(c.after) && c.after[0] != '{',
		!isNothing(c.afterUnknown) && c.afterUnknown[0] != '{' && !isFlag(c.afterUnknown):
		return fmt.Errorf("%s: the values before and after are no objects", c.address)
	case c.stays() && isNothing(c.after):
		return fmt.Errorf("%s: it stays, and the plan does not show how it will be", c.address)
	}
	return nil
}

func isFlag(raw []byte) bool { return string(raw) == "true" || string(raw) == "false" }

// change reads one change.
func (s *scanner) change(c *changeText) error {
	return s.object(func(field string) (err error) {
		switch field {
		case "address":
			c.address, err = s.text()
		case "previous_address":
			var previous string
			previous, err = s.text()
			c.moved = previous != ""
		case "deposed":
			c.deposed, err = s.text()
		case "module_address":
			c.moduleAddress, err = s.name()
		case "mode":
			c.mode, err = s.name()
		case "type":
			c.typ, err = s.name()
		case "name":
			c.name, err = s.name()
		case "provider_name":
			c.provider, err = s.name()
		case "index":
			c.key, err = s.instanceKey()
		case "change":
			err = s.changeBody(c)
		default:
			_, err = s.skip()
		}
		return err
	})
}

func (s *scanner) instanceKey() (instanceKey, error) {
	v, err := s.value()
	if text, ok := v.(string); ok {
		return instanceKey{textKey, text}, err
	}
	if n, ok := v.(int64); ok {
		return instanceKey{numberKey, fmt.Sprint(n)}, err
	}
	return instanceKey{}, err
}

func (s *scanner) changeBody(c *changeText) error {
	return s.object(func(field string) error {
		if field == "actions" {
			var actions []string
			err := s.array(func() error {
				action, err := s.name()
				actions = append(actions, action)
				return err
			})
			c.action = actionOf(actions)
			return err
		}
		raw, err := s.skip()
		switch field {
		case "before":
			c.before, c.exists = raw, !isNothing(raw)
		case "before_sensitive":
			c.beforeMarks = raw
		case "after":
			c.after = raw
		case "after_unknown":
			c.afterUnknown = raw
		case "after_sensitive":
			c.afterMarks = raw
		case "importing":
			c.importing = !isNothing(raw)
		}
		return err
	})
}

// actionOf names what is done: two actions that are known are a replacement, in either order. What is
// not known is named as it is, see unfit.
func actionOf(named []string) string {
	for _, action := range named {
		if !slices.Contains(actions, action) {
			return action
		}
	}
	switch len(named) {
	case 0:
		return ""
	case 1:
		return named[0]
	}
	return "replace"
}

func (f *planFile) addDrift(c *changeText) error {
	if c.mode != "data" {
		f.plan.Drift = append(f.plan.Drift, Drift{Address: c.address, Type: c.typ, Action: c.action})
	}
	return nil
}

func (f *planFile) readDeferred(raw []byte) error {
	if isNothing(raw) {
		return nil
	}
	s := f.scanner(raw)
	return s.array(func() error {
		return s.object(func(field string) error {
			if field != "resource_change" {
				_, err := s.skip()
				return err
			}
			c := newChange()
			err := s.change(c)
			f.plan.Deferred = append(f.plan.Deferred, c.address)
			f.plan.Complete = false
			return err
		})
	})
}

// readPrior keeps the text of the values of data sources, by address.
func (f *planFile) readPrior(raw []byte) error {
	if isNothing(raw) {
		return nil
	}
	return f.scanner(raw).stateResources(func(r *stateResource) {
		if r.mode == "data" {
			f.priorData[r.address] = bytes.Clone(r.values) // the text of the plan goes
		}
	})
}
