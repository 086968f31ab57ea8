package cloudformation

import (
	"slices"

	"github.com/assize-dev/assize"
)

// attachment is a type that adds an element to a list of another resource: CloudFormation has
// the list there as well, and AWS makes no difference between the two.
type attachment struct {
	typ, link string // the type, and the property that names the other resource
	parent    string // type of the other one
	into      string // its list
	// element is what is added: some of the properties, all of them where there are none, or
	// the resource itself.
	element []string
	itself  bool
}

var attachments = []attachment{
	{typ: "AWS::IAM::Policy", link: "Roles", parent: "AWS::IAM::Role", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::Policy", link: "Users", parent: "AWS::IAM::User", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::Policy", link: "Groups", parent: "AWS::IAM::Group", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::RolePolicy", link: "RoleName", parent: "AWS::IAM::Role", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::UserPolicy", link: "UserName", parent: "AWS::IAM::User", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::GroupPolicy", link: "GroupName", parent: "AWS::IAM::Group", into: "Policies", element: inlinePolicy},
	{typ: "AWS::IAM::ManagedPolicy", link: "Roles", parent: "AWS::IAM::Role", into: "ManagedPolicyArns", itself: true},
	{typ: "AWS::IAM::ManagedPolicy", link: "Users", parent: "AWS::IAM::User", into: "ManagedPolicyArns", itself: true},
	{typ: "AWS::IAM::ManagedPolicy", link: "Groups", parent: "AWS::IAM::Group", into: "ManagedPolicyArns", itself: true},
	{typ: "AWS::EC2::SecurityGroupIngress", link: "GroupId", parent: "AWS::EC2::SecurityGroup", into: "SecurityGroupIngress"},
	{typ: "AWS::EC2::SecurityGroupEgress", link: "GroupId", parent: "AWS::EC2::SecurityGroup", into: "SecurityGroupEgress"},
}

var inlinePolicy = []string{"PolicyName", "PolicyDocument"}

// isAttached reports whether resources of the type are elements of others.
func isAttached(typ string) bool {
	return slices.ContainsFunc(attachments, func(a attachment) bool { return a.typ == typ })
}

// attach adds the element. One that may be there makes the rest of the list unknown.
func (a *attachment) attach(n naming, it *item) {
	var v assize.Value
	from := it.planned.Attributes
	switch {
	case n.why != nil:
		why := *n.why
		why.Rest = true
		v = &why
	case a.itself:
		v = settle(it.attribute("Ref"))
	case len(a.element) == 0:
		v = from
	default:
		o := assize.Object{}
		for _, name := range a.element {
			o = o.Set(name, from.Get(name))
		}
		v = o
	}
	p := n.parent.planned
	if len(it.planned.Sensitive) > 0 {
		p.Sensitive = append(p.Sensitive, a.into)
	}
	old := p.Attributes.Get(a.into)
	if _, unknown := old.(*assize.Unknown); unknown {
		return
	}
	list, _ := old.(assize.List)
	p.Attributes = p.Attributes.Set(a.into, addElement(list, v))
}

// openEgress is the rule that EC2 gives a security group for which a template has none
// ("AWS::EC2::SecurityGroup" in the User Guide).
func openEgress(it *item) {
	const rules = "SecurityGroupEgress"
	if it.typ != "AWS::EC2::SecurityGroup" || it.planned.Attributes.Get(rules) != nil {
		return
	}
	all := assize.Object{{Name: "CidrIp", Value: "0.0.0.0/0"}, {Name: "IpProtocol", Value: "-1"}}
	it.planned.Attributes = it.planned.Attributes.Set(rules, assize.List{all})
}

// addElement keeps what makes the rest unknown at the end, once.
func addElement(list assize.List, v assize.Value) assize.List {
	last := len(list) - 1
	if last >= 0 {
		if u, ok := list[last].(*assize.Unknown); ok && u.Rest {
			if added, ok := v.(*assize.Unknown); ok && added.Rest {
				return list
			}
			return append(slices.Clone(list[:last]), v, u)
		}
	}
	return append(slices.Clone(list), v)
}
