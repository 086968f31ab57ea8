package assess

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/iam"
)

const (
	organizationAccountType = "AWS::Organizations::Account"
	organizationUnitType    = "AWS::Organizations::OrganizationalUnit"
)

// source is the text of one policy, or why it is not known.
type source struct {
	name, text string
	unknown    *assize.Unknown
}

// layered is a role or user with the texts of the policies that bear on its requests.
type layered struct {
	principal *assize.Resource
	identity  []source
	boundary  []source   // one at most
	levels    [][]source // of service control policies, root first
	// units are the levels of units that the account may be in; which is not known.
	units [][]source
	// key is equal for principals with the same access.
	key [sha256.Size]byte
}

// all lists the sources.
func (l *layered) all() []source {
	out := slices.Concat(l.identity, l.boundary)
	for _, level := range slices.Concat(l.levels, l.units) {
		out = append(out, level...)
	}
	return out
}

// missing is the first cause for which a layer is not known.
func (l *layered) missing() *assize.Unknown {
	for _, s := range l.all() {
		if s.unknown != nil {
			return s.unknown
		}
	}
	return nil
}

// layersOf finds the policies of a principal; those of the last one are kept, since many rules
// ask about one subject.
func (c *evalContext) layersOf(name string) (*layered, *assize.Unknown) {
	r, u := c.principal(name)
	if u != nil {
		return nil, u
	}
	if last := c.accessed.last; last != nil && last.principal == r {
		return last, nil
	}
	l := &layered{principal: r}
	for _, holder := range c.holders(r) {
		if holder.unknown != nil {
			l.identity = append(l.identity, source{unknown: holder.unknown})
			continue
		}
		l.identity = append(l.identity, c.sourcesOf(holder.resource)...)
	}
	if v := r.Properties.Get("PermissionsBoundary"); v != nil {
		l.boundary = []source{c.managedSource(r, v)}
	}
	control := c.controlOf(r.Account)
	l.levels, l.units = control.levels, control.units
	l.key = l.fingerprint()
	c.accessed.last = l
	return l, nil
}

// holder is what has identity policies, or why it is not known.
type holder struct {
	resource *assize.Resource
	unknown  *assize.Unknown
}

// holders are a principal and the groups that it is in.
func (c *evalContext) holders(principal *assize.Resource) []holder {
	out := []holder{{resource: principal}}
	for _, v := range elements(principal.Properties.Get("Groups")) {
		g, u := c.graph.FindValue(groupType, principal.Account, principal.Region, v)
		out = append(out, holder{g, u})
	}
	return out
}

// sourcesOf are the inline and attached policies of a holder.
func (c *evalContext) sourcesOf(holder *assize.Resource) []source {
	var out []source
	for _, v := range elements(holder.Properties.Get("Policies")) {
		if u, ok := v.(*assize.Unknown); ok {
			out = append(out, source{unknown: u})
			continue
		}
		o, _ := v.(assize.Object)
		name, _ := o.Get("PolicyName").(string)
		out = append(out, textSource(name, o.Get("PolicyDocument")))
	}
	for _, v := range elements(holder.Properties.Get("ManagedPolicyArns")) {
		out = append(out, c.managedSource(holder, v))
	}
	return out
}

func (c *evalContext) managedSource(holder *assize.Resource, arn assize.Value) source {
	policy, u := c.graph.FindValue(managedPolicyType, holder.Account, holder.Region, arn)
	if u != nil {
		return source{unknown: u}
	}
	return textSource(policy.Label(), policy.Properties.Get("PolicyDocument"))
}

func textSource(name string, v assize.Value) source {
	s := source{name: name}
	yieldDocument(v, func(text string, u *assize.Unknown) bool {
		s.text, s.unknown = text, u
		return true
	})
	return s
}

// fingerprint tells principals with different access apart. The ARN counts where a policy
// speaks of the caller.
func (l *layered) fingerprint() [sha256.Size]byte {
	h := sha256.New()
	write := func(s string) {
		h.Write([]byte(s)) // never fails
		h.Write([]byte{0})
	}
	own := false
	for i, s := range l.all() {
		write(itoa(i) + s.name)
		write(s.text)
		own = own || mentionsCaller(s.text)
		if s.unknown != nil {
			write(explain(s.unknown))
		}
	}
	write(l.principal.Type + l.principal.Account + itoa(len(l.identity)) + "," + itoa(len(l.boundary)))
	if own {
		write(l.principal.KnownARN())
	}
	var out [sha256.Size]byte
	h.Sum(out[:0])
	return out
}

// mentionsCaller says whether a policy can tell principals apart.
func mentionsCaller(text string) bool {
	text = strings.ToLower(strings.ReplaceAll(text, assize.Hole, ""))
	return strings.Contains(text, "aws:principal") || strings.Contains(text, "aws:user") || strings.Contains(text, "${")
}

// control are the service control policies of an account.
type control struct{ levels, units [][]source }

// controlOf finds the service control policies that bear on principals of an account. They stand
// in the management account; one in no organization, and the management account itself, has none
// ("Service control policies (SCPs)", AWS Organizations User Guide).
func (c *evalContext) controlOf(account string) *control {
	out := c.accessed.control[account]
	if out == nil {
		out = c.readControl(account)
		c.accessed.control[account] = out
	}
	return out
}

func hidden(u *assize.Unknown) *control {
	return &control{levels: [][]source{{{name: "service control policies", unknown: u}}}}
}

func (c *evalContext) readControl(account string) *control {
	members, rest := c.graph.All(organizationAccountType, account, "")
	switch {
	case len(members) == 0 && rest != nil:
		return hidden(rest)
	case len(members) == 0:
		return &control{}
	}
	p := members[0].Properties
	management, ok := p.Get("ManagementAccountId").(string)
	if u, unknown := p.Get("ManagementAccountId").(*assize.Unknown); unknown {
		return hidden(u)
	}
	if u, unknown := p.Get("FeatureSet").(*assize.Unknown); unknown {
		return hidden(u)
	}
	if !ok || management == account || p.Get("FeatureSet") == "CONSOLIDATED_BILLING" {
		return &control{}
	}
	policies, rest := c.graph.All(organizationPolicyType, management, "")
	if rest != nil {
		return hidden(rest)
	}
	attached, u := attachedTo(policies)
	if u != nil {
		return hidden(u)
	}
	return c.arrange(attached, account, management)
}

// attachedTo lists the service control policies by what they are attached to; nothing where one
// is not known.
func attachedTo(policies []*assize.Resource) (map[string][]source, *assize.Unknown) {
	out, u := attachments(policies)
	if u != nil {
		return nil, u
	}
	return out, nil
}

// attachments lists those that are known, and says why there may be more.
func attachments(policies []*assize.Resource) (out map[string][]source, missing *assize.Unknown) {
	out = map[string][]source{}
	for _, r := range policies {
		switch kind := r.Properties.Get("Type").(type) {
		case *assize.Unknown:
			missing = kind
			continue
		case string:
			if kind != "SERVICE_CONTROL_POLICY" {
				continue
			}
		}
		name, _ := r.Properties.Get("Name").(string)
		s := textSource(cmp.Or(name, r.ID), r.Properties.Get("Content"))
		for _, v := range elements(r.Properties.Get("TargetIds")) {
			switch target := v.(type) {
			case *assize.Unknown:
				missing = target
			case string:
				out[target] = append(out[target], s)
			}
		}
	}
	return out, missing
}

// arrange puts the policies in levels from the root to the account. Where the units above the
// account are not known, every unit with policies may be one of them.
func (c *evalContext) arrange(attached map[string][]source, account, management string) *control {
	out := &control{}
	path, known := c.unitsAbove(account, management)
	targets := []string{}
	for target := range attached {
		targets = append(targets, target)
	}
	slices.Sort(targets)
	for _, target := range targets {
		if strings.HasPrefix(target, "r-") {
			out.levels = append(out.levels, attached[target])
		}
	}
	for _, target := range targets {
		switch {
		case !strings.HasPrefix(target, "ou-"):
		case known && slices.Contains(path, target):
			out.levels = append(out.levels, attached[target])
		case !known && !slices.ContainsFunc(attached[target], func(s source) bool { return s.text == "" || !unlimited(s.text) }):
			// FullAWSAccess alone limits nothing, wherever the account is.
		case !known:
			out.units = append(out.units, attached[target])
		}
	}
	if own := attached[account]; own != nil {
		out.levels = append(out.levels, own)
	}
	return out
}

// unlimited says whether a control policy allows everything and denies nothing.
func unlimited(text string) bool {
	p, err := iam.Parse([]byte(text))
	if err != nil || p.Len() != 1 || len(p.Statement(0).Conditions()) > 0 {
		return false
	}
	return iam.HasWildcardAdmin(p).Yes()
}

// unitsAbove are the organizational units that an account is in, and the root; known is false where
// the tree was not read.
func (c *evalContext) unitsAbove(account, management string) (path []string, known bool) {
	parents := c.parentsIn(management)
	for at := account; ; {
		parent, ok := parents[at]
		if !ok || slices.Contains(path, parent) {
			return nil, false
		}
		if parent == "" {
			return path, true
		}
		path = append(path, parent)
		at = parent
	}
}

// parentsIn are the units that accounts and units of an organization are in; a root is in "".
// Nothing where the tree was not read to its end.
func (c *evalContext) parentsIn(management string) map[string]string {
	parents, ok := c.accessed.parents[management]
	if !ok {
		parents = c.readParents(management)
		c.accessed.parents[management] = parents
	}
	return parents
}

func (c *evalContext) readParents(management string) map[string]string {
	if c.graph.Definition(organizationUnitType) == nil {
		return nil
	}
	units, rest := c.graph.All(organizationUnitType, management, "")
	if rest != nil {
		return nil
	}
	parents := map[string]string{}
	for _, r := range units {
		parent, ok := r.Properties.Get("ParentId").(string)
		accounts := r.Properties.Get("AccountIds")
		_, unknown := accounts.(*assize.Unknown)
		if unknown || r.Origin != nil || !ok && r.Properties.Get("ParentId") != nil {
			return nil
		}
		parents[r.ID] = parent
		for _, v := range elements(accounts) {
			id, ok := v.(string)
			if !ok {
				return nil
			}
			parents[id] = r.ID
		}
	}
	return parents
}
