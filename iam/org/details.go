package org

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/plan"
)

// Details builds an organisation from what "aws iam get-account-authorization-details" prints,
// one document an account. It reads them as streams and parses each policy text once.
type Details struct {
	org     *Organisation
	managed map[string]*Document
	groups  map[string]*holder
	pending []pending
	inGroup []pendingGroup
	tree    *tree
	manager string // management account
}

// NewDetails makes an empty one.
func NewDetails() *Details {
	return &Details{org: &Organisation{documents: newLibrary()}, managed: map[string]*Document{}, groups: map[string]*holder{}}
}

// pending is a principal that waits for the policies and groups that it names, which may
// stand behind it.
type pending struct {
	of       *Principal
	attached []attachedDetail
	groups   []string
	boundary string
}

// pendingGroup is a group that waits for its managed policies.
type pendingGroup struct {
	of       *holder
	account  string
	attached []attachedDetail
}

// entityDetail is a user, role or group as IAM describes it.
type entityDetail struct {
	Path, UserName, RoleName, GroupName, UserID, RoleID, Arn string
	UserPolicyList, RolePolicyList, GroupPolicyList          []inlineDetail
	AttachedManagedPolicies                                  []attachedDetail
	GroupList                                                []string
	PermissionsBoundary                                      *struct{ PermissionsBoundaryArn string }
	AssumeRolePolicyDocument                                 json.RawMessage
	Tags                                                     []struct{ Key, Value string }
}

type inlineDetail struct {
	PolicyName     string
	PolicyDocument json.RawMessage
}

type attachedDetail struct{ PolicyName, PolicyArn string }

type policyDetail struct {
	Arn               string
	PolicyVersionList []struct {
		Document         json.RawMessage
		IsDefaultVersion bool
	}
}

// Add reads the authorization details of an account. The answer may be truncated: then there
// are principals that are not known, and the organisation says so.
func (d *Details) Add(account string, r io.Reader) error {
	dec := json.NewDecoder(r)
	if err := opens(dec, '{'); err != nil {
		return fmt.Errorf("authorization details of account %s: %w", account, err)
	}
	d.org.Accounts = append(d.org.Accounts, &Account{ID: account})
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return fmt.Errorf("authorization details of account %s, at byte %d: %w", account, dec.InputOffset(), err)
		}
		if err := d.member(account, fmt.Sprint(name), dec); err != nil {
			return fmt.Errorf("authorization details of account %s, %v, at byte %d: %w", account, name, dec.InputOffset(), err)
		}
	}
	if err := opens(dec, '}'); err != nil {
		return fmt.Errorf("authorization details of account %s: %w", account, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("authorization details of account %s: there is more after the end of the document, at byte %d", account, dec.InputOffset())
	}
	return nil
}

func opens(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("expected %q at byte %d, found %v: give the JSON that aws iam get-account-authorization-details prints", want.String(), dec.InputOffset(), t)
	}
	return nil
}

// member reads one list of the details.
func (d *Details) member(account, name string, dec *json.Decoder) error {
	switch name {
	case "UserDetailList", "RoleDetailList", "GroupDetailList":
		return elements(dec, func(e *entityDetail) error { return d.entity(account, name, e) })
	case "Policies":
		return elements(dec, func(p *policyDetail) error {
			d.managed[account+"/"+p.Arn] = d.current(p)
			return nil
		})
	case "IsTruncated":
		var truncated bool
		if err := dec.Decode(&truncated); err != nil {
			return err
		}
		if truncated {
			d.org.Unknown = append(d.org.Unknown, &assize.Unknown{
				Cause: assize.Interrupted, Operation: "iam:GetAccountAuthorizationDetails", Detail: "the details of account " + account + " are truncated",
			})
		}
		return nil
	}
	var skipped json.RawMessage
	return dec.Decode(&skipped)
}

// elements decodes a list element by element.
func elements[T any](dec *json.Decoder, each func(*T) error) error {
	switch t, err := dec.Token(); {
	case err != nil:
		return err
	case t == nil:
		return nil // null: none
	case t != json.Delim('['):
		return fmt.Errorf("expected a list, found %v", t)
	}
	for dec.More() {
		var e T
		if err := dec.Decode(&e); err != nil {
			return err
		}
		if err := each(&e); err != nil {
			return err
		}
	}
	return opens(dec, ']')
}

// current is the version of a managed policy that is in force.
func (d *Details) current(p *policyDetail) *Document {
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion {
			return d.document(v.Document)
		}
	}
	return d.org.documents.unreadable("managed policy " + p.Arn + " has no default version")
}

// document reads a policy: an object, as the CLI prints it, or encoded text, as the API answers.
func (d *Details) document(raw json.RawMessage) *Document {
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return d.org.documents.unreadable("a policy document is no text: " + err.Error())
		}
		return d.org.documents.read([]byte(text))
	}
	return d.org.documents.read(raw)
}

// entity reads a principal or group. What it attaches by name is resolved by Build.
func (d *Details) entity(account, list string, e *entityDetail) error {
	if e.Arn == "" {
		return errors.New("an entry has no Arn")
	}
	h := d.inline(e)
	if list == "GroupDetailList" {
		d.groups[account+"/"+e.GroupName] = h
		d.inGroup = append(d.inGroup, pendingGroup{h, account, e.AttachedManagedPolicies})
		return nil
	}
	p := &Principal{ARN: e.Arn, Account: account, Identity: h.attached, Tags: map[string]string{}}
	for _, t := range e.Tags {
		p.Tags[t.Key] = t.Value
	}
	if list == "UserDetailList" {
		p.Name, p.Kind, p.UniqueID = e.UserName, iam.User, e.UserID
	} else {
		p.Name, p.Kind, p.UniqueID = e.RoleName, iam.RoleSession, e.RoleID
		p.trusting(d.document(e.AssumeRolePolicyDocument))
	}
	rest := pending{of: p, attached: e.AttachedManagedPolicies, groups: e.GroupList}
	if e.PermissionsBoundary != nil {
		rest.boundary = e.PermissionsBoundary.PermissionsBoundaryArn
	}
	d.pending = append(d.pending, rest)
	return nil
}

func (d *Details) inline(e *entityDetail) *holder {
	h := &holder{}
	name := e.UserName + e.RoleName + e.GroupName
	for _, list := range [][]inlineDetail{e.UserPolicyList, e.RolePolicyList, e.GroupPolicyList} {
		for _, p := range list {
			h.attached = append(h.attached, Attachment{name + "/" + p.PolicyName, d.document(p.PolicyDocument)})
		}
	}
	return h
}

// AddEndpoint adds a VPC endpoint with its policy; an empty policy is the default one.
func (d *Details) AddEndpoint(e Endpoint, policy []byte) {
	if len(policy) > 0 {
		e.Policy = d.org.documents.read(policy)
	}
	d.org.Endpoints = append(d.org.Endpoints, e)
}

// Build makes the organisation of what was added, with the resources that calls can name; nil says
// that nothing is known of them. Without [Details.Tree] nothing is known of control policies, and
// answers are inconclusive where they could deny.
func (d *Details) Build(resources []*plan.Resource) *Organisation {
	for _, g := range d.inGroup {
		g.of.attached = append(g.of.attached, d.attached(g.account, g.attached)...)
	}
	for i := range d.pending {
		d.resolve(&d.pending[i])
	}
	for _, a := range d.org.Accounts {
		d.place(a)
	}
	for _, r := range resources {
		if r.Policy != nil {
			d.org.documents.known(r.Policy)
		}
	}
	d.org.finish(resources)
	if resources == nil {
		d.org.WithoutWays("authorization details hold users, roles and policies alone")
	}
	return d.org
}

func (d *Details) attached(account string, list []attachedDetail) []Attachment {
	var out []Attachment
	for _, p := range list {
		out = append(out, Attachment{p.PolicyArn, d.managedPolicy(account, p.PolicyArn)})
	}
	return out
}

func (d *Details) managedPolicy(account, arn string) *Document {
	key := account + "/" + arn
	doc := d.managed[key]
	if doc == nil {
		doc = publishedPolicy(d.org.documents, arn)
		d.managed[key] = doc
	}
	return doc
}

func (d *Details) resolve(x *pending) {
	p := x.of
	p.Identity = append(p.Identity, d.attached(p.Account, x.attached)...)
	for _, name := range x.groups {
		if g := d.groups[p.Account+"/"+name]; g != nil {
			p.Identity = append(p.Identity, g.attached...)
			continue
		}
		p.Identity = append(p.Identity, Attachment{name, d.org.documents.unreadable("group " + name + " of " + p.ARN + " is not in the details")})
	}
	if x.boundary != "" {
		p.Boundary = &Attachment{x.boundary, d.managedPolicy(p.Account, x.boundary)}
	}
	d.org.Principals = append(d.org.Principals, p)
}

// place finds the control policies above an account.
func (d *Details) place(a *Account) {
	if d.tree == nil {
		d.org.hidden(a, "no organisation file was given")
		return
	}
	a.Organisation, a.OrganisationKnown, a.Management = d.org.ID, true, a.ID == d.manager
	if a.Organisation != "" {
		d.org.levels(a, d.tree)
	}
}

// Tree is an organisation as a file has it: units with their accounts, and the control
// policies with their targets. An empty Id says that the accounts are in no organisation.
type Tree struct {
	ID         string       `json:"id"`
	Management string       `json:"management"`
	Units      []TreeUnit   `json:"units"`
	Policies   []TreePolicy `json:"policies"`
}

// TreeUnit is a root or an organisational unit. A root has no parent.
type TreeUnit struct {
	ID       string   `json:"id"`
	Parent   string   `json:"parent"`
	Accounts []string `json:"accounts"`
}

// TreePolicy is a control policy. Type is SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY;
// Targets are the ids of roots, units and accounts.
type TreePolicy struct {
	Name    string          `json:"name"`
	Type    string          `json:"type"`
	Content json.RawMessage `json:"content"`
	Targets []string        `json:"targets"`
}

// Tree reads the file of the organisation.
func (d *Details) Tree(r io.Reader) error {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	var f Tree
	if err := dec.Decode(&f); err != nil {
		return fmt.Errorf("organisation file, at byte %d: %w", dec.InputOffset(), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("organisation file: there is more after the end of the document, at byte %d", dec.InputOffset())
	}
	t := &tree{parents: map[string]string{}, byType: map[string]map[string][]Attachment{serviceControl: {}, resourceControl: {}}}
	if err := t.place(f.Units); err != nil {
		return fmt.Errorf("organisation file: %w", err)
	}
	for _, p := range f.Policies {
		of := t.byType[p.Type]
		if of == nil {
			return fmt.Errorf("organisation file: policy %q has the type %q, expected %s or %s", p.Name, p.Type, serviceControl, resourceControl)
		}
		doc := d.document(p.Content)
		for _, target := range p.Targets {
			if _, ok := t.parents[target]; !ok {
				return fmt.Errorf("organisation file: policy %q is attached to %q, which is no unit or account of the file", p.Name, target)
			}
			of[target] = append(of[target], Attachment{p.Name, doc})
		}
	}
	d.tree, d.org.ID, d.manager = t, f.ID, f.Management
	return nil
}

// place reads units and their accounts. Each stands in one place, and every parent is there.
func (t *tree) place(units []TreeUnit) error {
	for _, u := range units {
		if u.ID == "" {
			return errors.New("a unit has no id")
		}
		for _, child := range append([]string{u.ID}, u.Accounts...) {
			if _, ok := t.parents[child]; ok {
				return fmt.Errorf("%q stands there twice", child)
			}
			t.parents[child] = u.ID
		}
		t.parents[u.ID] = u.Parent
	}
	for _, u := range units {
		if _, ok := t.parents[u.Parent]; !ok && u.Parent != "" {
			return fmt.Errorf("the parent %q of unit %q is no unit of the file", u.Parent, u.ID)
		}
	}
	return nil
}
