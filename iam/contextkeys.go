package iam

import (
	"net/netip"
	"strings"
	"unique"
)

// contextKey is the name of a condition key. Names compare without regard to case
// ("IAM JSON policy elements: Condition"); the folding is done and interned once, so that
// keys compare by address.
type contextKey struct {
	name   string
	fold   string
	id     unique.Handle[string]
	slot   uint8 // place in a context's slots
	suffix int   // where a tag key begins in name, 0 when there is none
}

// slotCount is a power of two, so far above the number of keys of a request that few share a slot.
const slotCount = 256

func newContextKey(name string) contextKey {
	k := contextKey{name: name, fold: strings.ToLower(name)}
	k.id = unique.Make(k.fold)
	k.slot = uint8(hashString(k.fold) % slotCount)
	if i := strings.IndexByte(name, '/'); i >= 0 && len(k.fold) == len(name) {
		k.suffix = i + 1
	}
	return k
}

// hashString is 32-bit FNV-1a.
func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h ^= uint32(s[i])
		h *= 16777619
	}
	return h
}

// multiValued names the global keys that hold a list even when it has one value
// ("AWS global condition context keys", value type Multivalued).
func multiValued(fold string) bool {
	switch fold {
	case "aws:calledvia", "aws:principalorgpaths", "aws:principalservicenameslist",
		"aws:resourceorgpaths", "aws:sourceorgpaths", "aws:tagkeys", "aws:vpceorgpaths":
		return true
	default:
		return false
	}
}

// keyState says what a request knows of a key.
type keyState uint8

const (
	keyPresent keyState = iota
	keyAbsent
	keyUnknown
)

// contextEntry is one key of a request.
type contextEntry struct {
	key    contextKey
	values []string
	state  keyState
	multi  bool
	single singleValue
}

// singleValue is a key's one value, read once for the operators that would read it again and again.
type singleValue struct {
	address   netip.Addr // invalid when the value is no address
	boolean   bool
	isBoolean bool
}

func readSingle(values []string) (v singleValue) {
	if len(values) != 1 {
		return v
	}
	if address, ok := parseAddress(values[0]); ok {
		v.address = address
	}
	v.boolean, v.isBoolean = parseBool(values[0])
	return v
}

// contextTable is the flattened context of a request. slots leads from a key to its entry
// (counted from one); crowded means several entries share the slot and are scanned.
type contextTable struct {
	slots   [slotCount]uint8
	entries []contextEntry
	open    bool
}

const crowded = 255

// lookup finds a key. Where two entries differ only in the case of a tag key, the one
// written as the policy writes it wins.
func (t *contextTable) lookup(k *contextKey) *contextEntry {
	if t == nil {
		return nil
	}
	switch i := t.slots[k.slot]; i {
	case 0:
		return nil
	case crowded:
		return t.scan(k)
	default:
		if e := &t.entries[i-1]; e.key.id == k.id {
			return e
		}
		return nil
	}
}

func (t *contextTable) scan(k *contextKey) *contextEntry {
	var found *contextEntry
	for i := range t.entries {
		e := &t.entries[i]
		if e.key.id != k.id {
			continue
		}
		if k.suffix == 0 || e.key.name[e.key.suffix:] == k.name[k.suffix:] {
			return e
		}
		if found == nil {
			found = e
		}
	}
	return found
}

func (t *contextTable) add(e contextEntry) {
	e.single = readSingle(e.values)
	t.entries = append(t.entries, e)
	slot := &t.slots[e.key.slot]
	if *slot == 0 && len(t.entries) < crowded {
		*slot = uint8(len(t.entries))
	} else {
		*slot = crowded
	}
}

// Context holds the condition keys of a request. A key is present with values,
// absent, or unknown; keys never mentioned are absent unless Open was called.
// A Context never changes: every method gives a new one.
type Context struct {
	table contextTable
}

// NewContext takes keys with their values. A key with one value is single-valued
// unless AWS documents it as a list; WithList says otherwise.
func NewContext(keys map[string][]string) *Context {
	c := &Context{}
	for _, name := range sortedKeys(keys) {
		c.table.add(presentEntry(name, keys[name], false))
	}
	return c
}

func presentEntry(name string, values []string, list bool) contextEntry {
	return entryFor(newContextKey(name), values, list)
}

func entryFor(k contextKey, values []string, list bool) contextEntry {
	multi := list || len(values) != 1 || multiValued(k.fold)
	return contextEntry{key: k, values: append([]string(nil), values...), multi: multi}
}

// With sets a key to values.
func (c *Context) With(name string, values ...string) *Context {
	return c.replace(presentEntry(name, values, false))
}

// WithList sets a key of a list type, even when it has one value.
func (c *Context) WithList(name string, values ...string) *Context {
	return c.replace(presentEntry(name, values, true))
}

// Without makes keys absent.
func (c *Context) Without(names ...string) *Context {
	out := c
	for _, n := range names {
		out = out.replace(contextEntry{key: newContextKey(n), state: keyAbsent})
	}
	return out
}

// WithUnknown makes keys unknown: they may be absent or hold any value.
func (c *Context) WithUnknown(names ...string) *Context {
	out := c
	for _, n := range names {
		out = out.replace(contextEntry{key: newContextKey(n), state: keyUnknown})
	}
	return out
}

// Open makes every key unknown that was not set.
func (c *Context) Open() *Context {
	out := c.clone()
	out.table.open = true
	return out
}

func (c *Context) clone() *Context {
	out := &Context{}
	if c != nil {
		out.table.open = c.table.open
		out.table.slots = c.table.slots
		out.table.entries = append(make([]contextEntry, 0, len(c.table.entries)+8), c.table.entries...)
	}
	return out
}

func (c *Context) replace(e contextEntry) *Context {
	out := &Context{}
	if c != nil {
		out.table.open = c.table.open
		for _, old := range c.table.entries {
			if old.key.name != e.key.name && (old.key.fold != e.key.fold || old.key.suffix > 0) {
				out.table.add(old)
			}
		}
	}
	out.table.add(e)
	return out
}

// asciiLower folds action names, which are ASCII.
func asciiLower(s string) string { return strings.ToLower(s) }
