package aws

import (
	"net/url"
	"strings"
	"time"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// iamEntity is one role, user, group or policy of the authorization details.
type iamEntity struct {
	typ, id, arn string
	detail       any
	err          error // a document that cannot be read
}

// entities takes a page apart. Documents come percent-encoded and are kept as
// text. What the page says twice is left out: the roles within instance profiles,
// and versions of policies that are not in force. Managed policies of AWS are kept
// where they are in use.
func entities(o *iam.GetAccountAuthorizationDetailsOutput) []iamEntity {
	var all []iamEntity
	for _, r := range o.RoleDetailList {
		var d policyDocuments
		r.InstanceProfileList = profilesOf(r.InstanceProfileList)
		r.AssumeRolePolicyDocument = d.text(r.AssumeRolePolicyDocument)
		r.RolePolicyList = d.inline(r.RolePolicyList)
		all = append(all, iamEntity{typeRole, aws.ToString(r.RoleName), aws.ToString(r.Arn), r, d.err})
		all = append(all, inlinePolicies("role", aws.ToString(r.RoleName), r.RolePolicyList, d.err)...)
	}
	for _, u := range o.UserDetailList {
		var d policyDocuments
		u.UserPolicyList = d.inline(u.UserPolicyList)
		all = append(all, iamEntity{typeUser, aws.ToString(u.UserName), aws.ToString(u.Arn), u, d.err})
		all = append(all, inlinePolicies("user", aws.ToString(u.UserName), u.UserPolicyList, d.err)...)
	}
	for _, g := range o.GroupDetailList {
		var d policyDocuments
		g.GroupPolicyList = d.inline(g.GroupPolicyList)
		all = append(all, iamEntity{typeGroup, aws.ToString(g.GroupName), aws.ToString(g.Arn), g, d.err})
		all = append(all, inlinePolicies("group", aws.ToString(g.GroupName), g.GroupPolicyList, d.err)...)
	}
	for _, p := range o.Policies {
		if idleOfAWS(p) {
			continue
		}
		var d policyDocuments
		policy := managedPolicyOf(p, &d)
		arn := aws.ToString(p.Arn)
		all = append(all, iamEntity{typeManagedPolicy, arn, arn, policy, d.err})
	}
	return all
}

// profilesOf are instance profiles without the roles in them.
func profilesOf(list []types.InstanceProfile) []types.InstanceProfile {
	var out []types.InstanceProfile
	for _, p := range list {
		p.Roles = nil
		out = append(out, p)
	}
	return out
}

// inlinePolicy is an inline policy with who holds it.
type inlinePolicy struct {
	PolicyName, PolicyDocument *string
	Roles, Users, Groups       []string
}

// inlinePolicies are those of one role, user or group, as resources of their own: IAM
// has no other name for them than their holder's and their own.
func inlinePolicies(kind, holder string, policies []types.PolicyDetail, err error) []iamEntity {
	var all []iamEntity
	for _, p := range policies {
		one := inlinePolicy{PolicyName: p.PolicyName, PolicyDocument: p.PolicyDocument}
		switch kind {
		case "role":
			one.Roles = []string{holder}
		case "user":
			one.Users = []string{holder}
		default:
			one.Groups = []string{holder}
		}
		failure := err
		if p.PolicyDocument != nil {
			failure = nil // it is another one that cannot be read
		}
		all = append(all, iamEntity{typ: typeInlinePolicy, id: kind + "/" + holder + "/" + aws.ToString(p.PolicyName), detail: one, err: failure})
	}
	return all
}

// idleOfAWS tells whether the policy is one of AWS that nothing in the account uses.
func idleOfAWS(p types.ManagedPolicyDetail) bool {
	return strings.Contains(aws.ToString(p.Arn), ":iam::aws:policy/") &&
		aws.ToInt32(p.AttachmentCount) == 0 && aws.ToInt32(p.PermissionsBoundaryUsageCount) == 0
}

// managedPolicy is a policy as IAM describes it, with the document of the version
// that is in force in place of all versions.
type managedPolicy struct {
	Arn, PolicyName, Path, Description             *string
	AttachmentCount, PermissionsBoundaryUsageCount *int32
	CreateDate, UpdateDate                         *time.Time
	PolicyDocument                                 *string
	DefaultVersionId                               *string //nolint:staticcheck // the SDK's name, as facts have it
}

func managedPolicyOf(p types.ManagedPolicyDetail, d *policyDocuments) managedPolicy {
	out := managedPolicy{
		Arn: p.Arn, PolicyName: p.PolicyName, Path: p.Path, Description: p.Description,
		AttachmentCount: p.AttachmentCount, PermissionsBoundaryUsageCount: p.PermissionsBoundaryUsageCount,
		CreateDate: p.CreateDate, UpdateDate: p.UpdateDate, DefaultVersionId: p.DefaultVersionId,
	}
	for _, v := range p.PolicyVersionList {
		if v.IsDefaultVersion {
			out.PolicyDocument = d.text(v.Document)
		}
	}
	if out.PolicyDocument == nil && d.err == nil {
		d.err = collect.Wrong("the policy has no default version")
	}
	return out
}

// policyDocuments decodes the documents of one entity and keeps the first failure.
type policyDocuments struct{ err error }

// text is the document as written. A policy document is a JSON object, so one that
// begins with a brace was not encoded.
func (d *policyDocuments) text(encoded *string) *string {
	if encoded == nil || strings.HasPrefix(strings.TrimSpace(*encoded), "{") {
		return encoded
	}
	text, err := url.PathUnescape(*encoded)
	if err != nil {
		d.err = collect.Wrong("a policy document is not percent-encoded: %v", err)
		return nil
	}
	return &text
}

func (d *policyDocuments) inline(policies []types.PolicyDetail) []types.PolicyDetail {
	out := make([]types.PolicyDetail, len(policies))
	for i, p := range policies {
		p.PolicyDocument = d.text(p.PolicyDocument)
		out[i] = p
	}
	return out
}
