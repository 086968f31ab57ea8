package gen

import (
	"slices"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

func keyArchetype() *Archetype {
	return &Archetype{
		Name:  "key",
		Title: "Policy of a KMS key that only named AI roles can decrypt with",
		Grants: []string{
			"the roles of --role: encrypt and decrypt, and let AWS services use the key for their resources",
			"the roles of --admin-role: manage the key, without using it",
			"the root user of the account: repair the key policy, so that the key is never out of reach",
			"nobody else, whatever their identity policies allow",
		},
		Needs: []string{"account", "role", "admin-role"},
		Notes: []string{
			"AWS KMS refuses a policy that its author could not change again: apply it as one of the administrators.",
			"Whoever may change a key policy can also give themselves the use of the key: watch kms:PutKeyPolicy in CloudTrail.",
		},
		write: func(t *targets) ([]paper, error) { return writeKey(t.o), nil },
		claim: func(t *targets, p []*iam.Policy) (claims, error) { return claimKey(t.o, p[0]), nil },
	}
}

var (
	// keyUse needs no condition.
	keyUse = []string{
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext",
		"kms:ReEncryptFrom", "kms:ReEncryptTo",
	}
	// keyManagement leaves out kms:CreateGrant: a grant hands the use of the key to anybody.
	keyManagement = []string{
		"kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:DisableKeyRotation",
		"kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies",
		"kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
		"kms:UpdateAlias", "kms:UpdateKeyDescription",
	}
	keyRepair = []string{"kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"}
	// forResources: the grant is made by a service for its resource, such as an encrypted volume.
	forResources = condition{"Bool", "kms:GrantIsForAWSResource", []string{"true"}}
)

func (o *Options) rootUser() string { return "arn:" + o.Partition + ":iam::" + o.Account + ":root" }

func writeKey(o *Options) []paper {
	every := []string{"*"}
	// Naming the account hands the decision to its identity policies; the condition keeps it to the root user.
	root := condition{"ArnEquals", "aws:PrincipalArn", []string{o.rootUser()}}
	return []paper{{kind: KeyUse, about: "Use by named roles only", statements: []statement{
		allow("UseByRoles", keyUse, every).to("AWS", o.Roles...),
		allow("LetServicesUseForRoles", []string{"kms:CreateGrant"}, every, forResources).to("AWS", o.Roles...),
		allow("Manage", keyManagement, every).to("AWS", o.Administrators...),
		allow("RepairByRootUser", keyRepair, every, root).to("AWS", o.rootUser()),
	}}}
}

func claimKey(o *Options, key *iam.Policy) claims {
	arn := o.arn("kms", o.home(), o.Account, "key/1234abcd-12ab-34cd-56ef-1234567890ab")
	strong := iam.Policies{Identity: []*iam.Policy{everything()}, Resource: key}
	on := func(action string) sym.Check { return sym.Check{Action: action, Resource: arn} }
	var out claims
	for _, role := range o.Roles {
		who := o.caller(role, strong)
		w := wanted{call: role + " uses the key"}
		for _, action := range keyUse {
			w.checks = append(w.checks, expectation{who: who, check: on(action)})
		}
		out.wanted = append(out.wanted, w, wanted{call: role + " lets a service use the key", checks: []expectation{
			{who: who, check: on("kms:CreateGrant"), demands: demands{{forResources}}},
		}})
	}
	for _, role := range o.Administrators {
		w := wanted{call: role + " manages the key"}
		for _, action := range keyManagement {
			w.checks = append(w.checks, expectation{who: o.caller(role, strong), check: on(action)})
		}
		out.wanted = append(out.wanted, w)
	}
	root := sym.Principal{Principal: iam.Principal{Kind: iam.RootUser, ARN: o.rootUser()}, Policies: iam.Policies{Resource: key}}
	out.wanted = append(out.wanted, wanted{call: "the root user repairs the policy", checks: []expectation{{who: root, check: on("kms:PutKeyPolicy")}}})
	out.exactly = append(out.exactly, expectation{who: root, check: on("kms:Decrypt"), never: true})
	out.exactly = append(out.exactly, o.keyNever(strong, on)...)
	return out
}

// keyNever: no administrator uses the key, and nobody else does anything with it, whatever their
// identity policies allow.
func (o *Options) keyNever(strong iam.Policies, on func(string) sym.Check) []expectation {
	var out []expectation
	never := func(role string, actions ...string) {
		for _, action := range actions {
			out = append(out, expectation{who: o.caller(role, strong), check: on(action), never: true})
		}
	}
	for _, role := range o.Administrators {
		if !slices.Contains(o.Roles, role) {
			never(role, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:CreateGrant")
		}
	}
	for _, account := range []string{o.Account, stranger} {
		other := "arn:" + o.Partition + ":iam::" + account + ":role/unheard-of"
		never(other, append(append([]string{"kms:CreateGrant"}, keyUse...), keyManagement...)...)
	}
	return out
}
