package org

import (
	"errors"
	"fmt"
	"slices"

	"github.com/assize-dev/assize/iam"
)

// Edit is a change of a policy that nobody has made yet.
type Edit struct {
	// Layer is [iam.LayerIdentity] (which covers permission boundaries too),
	// [iam.LayerServiceControl] or [iam.LayerResourceControl].
	Layer iam.Layer
	// Policy is the name under which the policy is attached: ARN of a managed policy,
	// "HOLDER/NAME" of an inline one, name of a control policy.
	Policy string
	// Document is its new text; empty takes the policy away.
	Document []byte
	// Attach are further places for it: ARNs of principals, or ids of roots, units and accounts.
	Attach []string
}

// ErrNothingEdited is wrapped by the error for an edit of a policy that is attached nowhere.
var ErrNothingEdited = errors.New("no such policy is attached")

// With is the organisation after edits. It shares with o all that the edits leave alone.
func (o *Organisation) With(edits ...Edit) (*Organisation, error) {
	out := *o
	out.documents = o.documents.clone()
	out.Accounts, out.Principals = slices.Clone(o.Accounts), slices.Clone(o.Principals)
	e := editor{org: &out, before: o, accounts: map[string]bool{}}
	for i := range edits {
		if err := e.apply(&edits[i]); err != nil {
			return nil, fmt.Errorf("edit of %s: %w", edits[i].Policy, err)
		}
	}
	e.finish()
	return &out, nil
}

// editor applies edits to a copy of an organisation.
type editor struct {
	org, before *Organisation
	accounts    map[string]bool // whose control policies changed
	asked       askedOf         // what new service control policies ask of callers
	next        int             // id of the next group
}

func (e *editor) apply(edit *Edit) error {
	var d *Document
	if len(edit.Document) > 0 {
		policy, err := iam.Parse(edit.Document)
		if err != nil {
			return err
		}
		if err := policy.Validate(edit.Layer); err != nil {
			return err
		}
		d = e.org.documents.read(edit.Document)
	}
	var done int
	switch edit.Layer {
	case iam.LayerIdentity:
		done = e.identity(edit, d)
	case iam.LayerServiceControl, iam.LayerResourceControl:
		done = e.control(edit, d)
		if d != nil && edit.Layer == iam.LayerServiceControl {
			e.asked.keys = principalOnly(e.asked.keys, d.mentions)
			e.asked.callers.join(d.callers)
		}
	case iam.LayerResource, iam.LayerBoundary, iam.LayerSession, iam.LayerEndpoint:
		return fmt.Errorf("a %s policy cannot be edited here, edit an identity or a control policy", edit.Layer)
	}
	if done == 0 {
		return ErrNothingEdited
	}
	return nil
}

// identity changes the policies of principals and says of how many.
func (e *editor) identity(edit *Edit, d *Document) int {
	done := 0
	for i, p := range e.org.Principals {
		list, changed := replaced(p.Identity, edit, d, slices.Contains(edit.Attach, p.ARN))
		boundary := p.Boundary != nil && p.Boundary.Name == edit.Policy
		if !changed && !boundary {
			continue
		}
		q := *p
		q.Identity = list
		if boundary {
			q.Boundary = nil
			if d != nil {
				q.Boundary = &Attachment{edit.Policy, d}
			}
		}
		q.group = nil
		e.org.Principals[i] = &q
		done++
	}
	return done
}

// replaced is a list of attachments after an edit.
func replaced(list []Attachment, edit *Edit, d *Document, attach bool) (out []Attachment, changed bool) {
	out = make([]Attachment, 0, len(list)+1)
	for _, x := range list {
		if x.Name != edit.Policy {
			out = append(out, x)
			continue
		}
		changed, attach = true, false
		if d != nil {
			out = append(out, Attachment{x.Name, d})
		}
	}
	if attach && d != nil {
		out, changed = append(out, Attachment{edit.Policy, d}), true
	}
	return out, changed
}

// control changes the levels above accounts and says of how many.
func (e *editor) control(edit *Edit, d *Document) int {
	done := 0
	for i, a := range e.org.Accounts {
		b := *a
		levels := &b.Service
		if edit.Layer == iam.LayerResourceControl {
			levels = &b.Resource
		}
		*levels = slices.Clone(*levels)
		changed := false
		for n := range *levels {
			list, c := replaced((*levels)[n], edit, d, slices.Contains(edit.Attach, a.target(n)))
			(*levels)[n] = list
			changed = changed || c
		}
		if changed {
			e.org.Accounts[i] = &b
			e.accounts[a.ID] = true
			done++
		}
	}
	return done
}

// target is the id of a level of control policies.
func (a *Account) target(level int) string {
	switch {
	case level < len(a.Path):
		return a.Path[level]
	case level == len(a.Path):
		return a.ID
	}
	return ""
}

// finish groups the principals that changed and those that new control policies tell apart. The
// others keep their groups, and with them all that is known of those.
func (e *editor) finish() {
	o := e.org
	o.accounts = make(map[string]*Account, len(o.Accounts))
	var edited []*Account
	for _, a := range o.Accounts {
		o.accounts[a.ID] = a
		if e.accounts[a.ID] {
			edited = append(edited, a)
		}
	}
	share(edited, e.before.accounts)
	whole := e.mention()
	e.next = len(o.Principals) + len(e.before.documents.all)
	first := e.next
	if !whole {
		for _, g := range e.before.groups {
			e.split(g)
		}
	}
	var changed []*Principal
	for i, p := range o.Principals {
		if whole && p.group != nil {
			q := *p
			q.group = nil
			o.Principals[i] = &q
		}
		if o.Principals[i].group == nil {
			changed = append(changed, o.Principals[i])
		}
	}
	if len(changed) > 0 || e.next > first {
		e.regroup(changed)
	}
}

// mention collects the keys that policies speak of now, and says whether some of them are those
// by which all principals have to be grouped again.
func (e *editor) mention() (whole bool) {
	o := e.org
	o.mentioned, o.callers = o.mentionedByAll()
	whole = !slices.Equal(principalOnly(nil, o.mentioned), principalOnly(nil, e.before.mentioned)) ||
		o.callers.whole != e.before.callers.whole || !slices.Equal(o.callers.tests, e.before.callers.tests)
	all := o.mentionedAtAll()
	if slices.Equal(all, o.Catalog.Mentioned) {
		return whole
	}
	catalog := *o.Catalog
	catalog.Mentioned = all
	o.Catalog = &catalog
	for _, key := range all {
		if _, old := slices.BinarySearch(e.before.Catalog.Mentioned, key); old {
			continue
		}
		if fixedByPlans(key) {
			o.planFixing = o.Catalog
		}
		if fixedBySubjects(key) {
			o.subjectFixing = o.Catalog
		}
	}
	return whole
}

// meets is what edited control policies see of a principal.
type meets struct {
	above *controls
	asked string
}

// split makes groups of the members of one that control policies tell apart now.
func (e *editor) split(g *Group) {
	if len(g.Members) == 1 || !e.touches(g) {
		return
	}
	keys := e.asked.keys
	if len(keys) > 0 {
		known := e.before.askedOf(e.before.documentsOf(g.Members[0])).keys
		keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return key != keyPrincipalARN && slices.Contains(known, key) })
	}
	seen := make([]meets, len(g.Members))
	apart := false
	for i, p := range g.Members {
		seen[i] = e.meets(p, keys)
		apart = apart || seen[i] != seen[0]
	}
	if !apart {
		return
	}
	parts := map[meets]*Group{}
	for i, p := range g.Members {
		if e.org.Principals[p.place] != p {
			continue // its own policies change too
		}
		part := parts[seen[i]]
		if part == nil {
			part = &Group{ID: e.next}
			e.next++
			parts[seen[i]] = part
		}
		q := *p
		q.group = part
		part.Members = append(part.Members, &q)
		e.org.Principals[p.place] = &q
	}
}

// touches says whether the control policies above some member changed.
func (e *editor) touches(g *Group) bool {
	account := ""
	for _, p := range g.Members {
		if p.Account != account && e.accounts[p.Account] {
			return true
		}
		account = p.Account
	}
	return false
}

func (e *editor) meets(p *Principal, keys []string) meets {
	var b []byte
	for _, key := range keys {
		if key == keyPrincipalARN {
			b = append(e.asked.callers.spell(b, p), 0)
		} else {
			b = append(append(b, e.org.spellKey(p, key)...), 0)
		}
	}
	return meets{e.org.above(p), string(b)}
}

// regroup finds the groups of changed principals and takes them out of their old ones.
func (e *editor) regroup(changed []*Principal) {
	o := e.org
	o.byARN = make(map[string]*Principal, len(o.Principals))
	moved := map[*Group]bool{}
	for _, p := range o.Principals {
		o.byARN[p.ARN] = p
	}
	for _, p := range changed {
		moved[e.before.byARN[p.ARN].group] = true
	}
	staying := map[*Group]*Group{}
	for i, p := range o.Principals {
		if p.group == nil || !moved[p.group] {
			continue
		}
		q := *p
		g := staying[p.group]
		if g == nil {
			g = &Group{ID: e.next}
			e.next++
			staying[p.group] = g
		}
		q.group = g
		g.Members = append(g.Members, &q)
		o.Principals[i], o.byARN[p.ARN] = &q, &q
	}
	o.groupThese(changed, e.next)
	o.listGroups()
}
