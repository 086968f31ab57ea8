package gen

import (
	"regexp"
	"strings"
)

// cloudFormation writes a template with one resource for each policy, or one role for its two.
func (r *Result) cloudFormation() string {
	resources, parameters := object(), object()
	for _, p := range r.Policies {
		name := logical(p.Name)
		switch p.Kind {
		case Managed, Boundary:
			resources = resources.set(name, resource("AWS::IAM::ManagedPolicy", object().
				set("ManagedPolicyName", text(p.Name)).set("Description", text(p.Description)).set("PolicyDocument", p.doc)))
		case Trust:
			resources = resources.set(logical(r.Name), r.roleResource(p))
		case Inline: // stands in the role
		case SCP:
			resources = resources.set(name, resource("AWS::Organizations::Policy", object().
				set("Name", text(p.Name)).set("Description", text(p.Description)).set("Type", text("SERVICE_CONTROL_POLICY")).set("Content", p.doc)))
		case Endpoint:
			parameters = endpointParameters()
			resources = resources.set(name, endpointResource(p))
		case KeyUse:
			resources = resources.set(name, resource("AWS::KMS::Key", object().
				set("Description", text(p.Description)).set("EnableKeyRotation", node{kind: trueNode}).set("KeyPolicy", p.doc)))
		}
	}
	out := object().set("AWSTemplateFormatVersion", text("2010-09-09")).set("Description", text(r.Archetype.Title))
	if len(parameters.members) > 0 {
		out = out.set("Parameters", parameters)
	}
	var b strings.Builder
	out.set("Resources", resources).yaml(&b, 0)
	return strings.TrimPrefix(b.String(), "\n") + "\n"
}

func resource(typ string, properties node) node {
	return object().set("Type", text(typ)).set("Properties", properties)
}

func (r *Result) roleResource(trust Policy) node {
	properties := object().set("RoleName", text(r.Name)).set("Description", text(trust.Description)).set("AssumeRolePolicyDocument", trust.doc)
	if p, ok := r.find(Inline); ok {
		inline := object().set("PolicyName", text(p.Name)).set("PolicyDocument", p.doc)
		properties = properties.set("Policies", node{kind: listNode, list: []node{inline}})
	}
	return resource("AWS::IAM::Role", properties)
}

// endpointResource is an endpoint: CloudFormation has no resource for its policy alone.
func endpointResource(p Policy) node {
	ref := func(name string) node { return object().set("Ref", text(name)) }
	return resource("AWS::EC2::VPCEndpoint", object().
		set("VpcEndpointType", text("Interface")).
		set("PrivateDnsEnabled", node{kind: trueNode}).
		set("ServiceName", object().set("Fn::Sub", text("com.amazonaws.${AWS::Region}.bedrock-runtime"))).
		set("VpcId", ref("VpcId")).set("SubnetIds", ref("SubnetIds")).set("SecurityGroupIds", ref("SecurityGroupIds")).
		set("PolicyDocument", p.doc))
}

func endpointParameters() node {
	parameter := func(typ string) node { return object().set("Type", text(typ)) }
	return object().
		set("VpcId", parameter("AWS::EC2::VPC::Id")).
		set("SubnetIds", parameter("List<AWS::EC2::Subnet::Id>")).
		set("SecurityGroupIds", parameter("List<AWS::EC2::SecurityGroup::Id>"))
}

// logical is the logical id of a resource: letters and digits only.
func logical(name string) string {
	var b strings.Builder
	for _, w := range words(name) {
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	return b.String()
}

var (
	yamlPlain = regexp.MustCompile(`^[A-Za-z]([A-Za-z0-9:/._-]*[A-Za-z0-9])?$`)
	// plainWords mean something else where they stand without quotes, in YAML or HCL.
	plainWords = map[string]bool{
		"null": true, "true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "for": true,
	}
)

func yamlText(s string) string {
	if yamlPlain.MatchString(s) && !plainWords[strings.ToLower(s)] {
		return s
	}
	return quote(s)
}

// yaml writes the value after "name:" or "-"; objects and lists begin on a line of their own.
func (n node) yaml(b *strings.Builder, indent int) {
	margin := "\n" + strings.Repeat("  ", indent)
	switch n.kind {
	case textNode:
		b.WriteString(" " + yamlText(n.text))
	case trueNode:
		b.WriteString(" true")
	case listNode:
		for _, v := range n.list {
			b.WriteString(margin + "-")
			if v.kind != objectNode {
				v.yaml(b, indent+1)
				continue
			}
			var inner strings.Builder
			v.yaml(&inner, indent+1)
			b.WriteString(" " + strings.TrimLeft(inner.String(), "\n "))
		}
	case objectNode:
		for _, m := range n.members {
			b.WriteString(margin + yamlText(m.name) + ":")
			m.value.yaml(b, indent+1)
		}
	}
}
