package gen

import (
	"slices"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sar"
	"github.com/assize-dev/assize/iam/sym"
)

func boundaryArchetype() *Archetype {
	return &Archetype{
		Name:  "ml-engineer-boundary",
		Title: "Permissions boundary of people who build and train models",
		Grants: []string{
			"at most: SageMaker, objects in S3, images, logs and metrics, use of KMS keys, in the Regions; the models and inference profiles, where given",
			"roles (those of --role, where given) are passed to SageMaker and Bedrock only; roles are made and changed only under this same boundary",
			"no governance of SageMaker (policies of registries, approval of models, monitoring), no API keys, nothing else of Bedrock",
			"notebooks without direct internet access and root access; with --vpc notebooks, jobs and models in subnets only",
		},
		Needs: []string{"account", "regions"},
		Takes: []string{"models", "profiles", "destinations", "guardrail", "role", "vpc"},
		Notes: []string{"A boundary allows nobody anything by itself. Its own ARN is in it: keep the name, and create it in the account of --account."},
		write: func(t *targets) ([]paper, error) { return (&boundary{general(t)}).write() },
		claim: func(t *targets, p []*iam.Policy) (claims, error) { return (&boundary{general(t)}).claim(p[0]) },
	}
}

// boundary is the permissions boundary of an engineer.
type boundary struct{ *access }

const (
	passRole       = "iam:PassRole"
	createNotebook = "sagemaker:CreateNotebookInstance"
	updateNotebook = "sagemaker:UpdateNotebookInstance"
	createGrant    = "kms:CreateGrant"
)

// bearers are the gates of calls with an API key, one in each namespace.
var bearers = []string{"bedrock-mantle:CallWithBearerToken", "bedrock:CallWithBearerToken", "sagemaker:CallWithBearerToken"}

var (
	// engineering is what engineers work with beside SageMaker.
	engineering = []string{
		"cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics", "cloudwatch:PutMetricData",
		"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeRepositories",
		"ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer",
		"ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
		"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey",
		"logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents",
		"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket", "s3:PutObject",
	}
	seeRoles = []string{"iam:GetRole", "iam:ListRoles"}
	// changeRoles carry iam:PermissionsBoundary, the boundary that the role has or gets.
	changeRoles = []string{
		"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
		"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
	}
	// inSubnets carry the subnets of what they start.
	inSubnets = []string{
		"sagemaker:CreateHyperParameterTuningJob", "sagemaker:CreateModel", createNotebook,
		"sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob",
	}
	passedTo = condition{"StringEquals", "iam:PassedToService", []string{"bedrock.amazonaws.com", sageMakerService}}
)

// governance are the actions of SageMaker that change controls, and the use of API keys.
func (b *boundary) governance() []string {
	var out []string
	for _, a := range b.data.OfClass("sagemaker", sar.Governance) {
		out = append(out, a.String())
	}
	return sorted(append(out, bearers...))
}

func (b *boundary) region() condition { return condition{"StringEquals", keyRegion, b.o.Regions} }

// itself is the condition that a role has this boundary.
func (b *boundary) itself() condition {
	return condition{"StringEquals", "iam:PermissionsBoundary", []string{"arn:" + b.o.Partition + ":iam::" + b.o.Account + ":policy/" + b.o.Name}}
}

// passable are the roles that may be passed on.
func (b *boundary) passable() []string {
	if len(b.o.Roles) > 0 {
		return b.o.Roles
	}
	return b.roles()
}

func (b *boundary) roles() []string { return []string{b.o.arn("iam", "", b.o.Account, "role/*")} }

func (b *boundary) hasModels() bool { return len(b.direct) > 0 || len(b.profiles) > 0 }

func (b *boundary) write() ([]paper, error) {
	every := []string{"*"}
	out := []statement{
		allow("WorkInRegions", append([]string{"sagemaker:*"}, engineering...), every, b.region()),
		allow("LetServicesUseKeys", []string{createGrant}, every, forResources, b.region()),
		allow("SeeRoles", seeRoles, every),
		allow("PassRoles", []string{passRole}, b.passable(), passedTo),
		allow("ChangeRolesUnderBoundary", changeRoles, b.roles(), b.itself()),
	}
	if b.hasModels() || len(b.o.Guardrails) > 0 {
		models, named, err := b.allows()
		if err != nil {
			return nil, err
		}
		out = slices.Concat(out, models, denyUnguarded(named))
	}
	disabled := []string{"Disabled"}
	out = append(out,
		deny("DenyGovernance", b.governance(), every),
		deny("DenyOtherInference", []string{batchAction, mantleInference}, every),
		deny("DenyNotebooksOnInternet", []string{createNotebook}, every, condition{"StringNotEquals", "sagemaker:DirectInternetAccess", disabled}),
		deny("DenyNotebooksWithRoot", []string{createNotebook}, every, condition{"StringNotEquals", "sagemaker:RootAccess", disabled}),
		deny("DenyGivingRoot", []string{updateNotebook}, every, condition{"StringEquals", "sagemaker:RootAccess", []string{"Enabled"}}))
	if b.o.VPC {
		out = append(out, deny("DenyWithoutSubnets", inSubnets, every, condition{"Null", "sagemaker:VpcSubnets", []string{"true"}}))
	}
	return []paper{{kind: Boundary, about: "Most that an ML engineer may be given", statements: out}}, nil
}

func (b *boundary) claim(parsed *iam.Policy) (claims, error) {
	who := b.o.role(iam.Policies{Identity: []*iam.Policy{everything()}, Boundary: parsed})
	var out claims
	if b.hasModels() {
		models, err := b.claimFor(who, nil, nil)
		if err != nil {
			return claims{}, err
		}
		out.wanted, out.exactly = models.wanted, models.exactly
	}
	out.wanted = append(out.wanted, b.engineerCalls(who)...)
	out.exactly = append(out.exactly, expectation{
		who: who, check: sym.Check{Action: passRole, Resource: b.o.arn("iam", "", b.o.Account, "role/unheard-of")},
		never: len(b.o.Roles) > 0, demands: demands{{passedTo}},
	})
	out.each = func(a *sar.Action) []expectation { return b.each(who, a) }
	return out, nil
}

// engineerCalls are the calls with conditions of their own.
func (b *boundary) engineerCalls(who sym.Principal) []wanted {
	subnets := demands(nil)
	if b.o.VPC {
		subnets = demands{{{"Null", "sagemaker:VpcSubnets", []string{"false"}}}}
	}
	one := func(action, resource string, d demands) expectation {
		return expectation{who: who, check: sym.Check{Action: action, Resource: resource}, demands: d}
	}
	role, passed := exampleOf(b.roles()[0]), exampleOf(b.passable()[0])
	region := demand{b.region()}
	notebook := slices.Concat(demands{
		region, {{"StringEquals", "sagemaker:DirectInternetAccess", []string{"Disabled"}}}, {{"StringEquals", "sagemaker:RootAccess", []string{"Disabled"}}},
	}, subnets)
	keepsRoot := demands{region, {{"Null", "sagemaker:RootAccess", []string{"true"}}, {"StringNotEquals", "sagemaker:RootAccess", []string{"Enabled"}}}}
	instance := b.o.arn("sagemaker", b.o.home(), b.o.Account, "notebook-instance/example")
	pass := sym.Check{Action: passRole, Resource: passed, Fixed: map[string][]string{"iam:PassedToService": {sageMakerService}}}
	out := []wanted{
		{call: "create a notebook", checks: []expectation{one(createNotebook, instance, notebook), {who: who, check: pass}}},
		{call: "pass a role", checks: []expectation{one(passRole, passed, demands{{passedTo}})}},
		{call: "change a notebook", checks: []expectation{one(updateNotebook, instance, keepsRoot)}},
		{call: "use an encrypted volume", checks: []expectation{one(createGrant, b.o.arn("kms", b.o.home(), b.o.Account, "key/example"), demands{region, {forResources}})}},
	}
	for _, action := range inSubnets {
		if action != createNotebook {
			out = append(out, wanted{call: action, checks: []expectation{one(action, "*", append(demands{region}, subnets...))}})
		}
	}
	roles := wanted{call: "change a role"}
	for _, action := range changeRoles {
		roles.checks = append(roles.checks, one(action, role, demands{{b.itself()}}))
	}
	return append(out, roles)
}

// each says of any action whether the boundary leaves it, and where.
func (b *boundary) each(who sym.Principal, a *sar.Action) []expectation {
	name := a.String()
	x := expectation{who: who, check: sym.Check{Action: name, Resource: "*"}}
	if a.Service == "iam" && a.Scopable() {
		x.check.Resource = b.o.arn("iam", "", b.o.Account, "role/example")
	}
	told := slices.Concat(inSubnets, changeRoles, []string{needsNothing, passRole, createGrant, updateNotebook})
	switch {
	case slices.Contains(told, name):
		return nil
	case slices.Contains(seeRoles, name):
	case a.Service == "sagemaker" && a.Class != sar.Governance && !slices.Contains(bearers, name), slices.Contains(engineering, name):
		x.demands = demands{{b.region()}}
	default:
		x.never = true
	}
	return []expectation{x}
}
