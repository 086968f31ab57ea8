package aws

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	opGenerateAccessed = "iam:GenerateServiceLastAccessedDetails"
	opGetAccessed      = "iam:GetServiceLastAccessedDetails"

	// codeNoAIPolicy stands for principals that are not asked about: no policy of theirs
	// names an AI service.
	codeNoAIPolicy = "NoPolicyNamesAI"
)

// accessedServices are the namespaces of the services whose last use is kept.
var accessedServices = []string{"bedrock", "bedrock-agentcore", "sagemaker"}

// serviceAccess is when a principal last used a service; nil for not within the
// tracking period.
type serviceAccess struct {
	ServiceNamespace  string
	LastAuthenticated *time.Time
}

// accessed asks IAM for the last use of AI services. A report is made for each principal,
// which takes two calls and some seconds, so only those are asked about that
// a policy with an AI service's name can concern.
type accessed struct {
	api       *iam.Client
	documents map[string]string // of managed policies by ARN
}

// newAccessed indexes the documents of the entities.
func newAccessed(api *iam.Client, all []iamEntity) *accessed {
	a := &accessed{api: api, documents: map[string]string{}}
	for _, e := range all {
		if p, ok := e.detail.(managedPolicy); ok {
			a.documents[e.arn] = aws.ToString(p.PolicyDocument)
		}
	}
	return a
}

// describe adds the last use of AI services to a role or user. Users in groups are
// always asked about: what a group has is not looked up for each.
func (a *accessed) describe(ctx context.Context, b *collect.Builder, e iamEntity) {
	var documents []string
	add := func(inline []types.PolicyDetail, attached []types.AttachedPolicy) {
		for _, p := range inline {
			documents = append(documents, aws.ToString(p.PolicyDocument))
		}
		for _, p := range attached {
			documents = append(documents, a.documents[aws.ToString(p.PolicyArn)])
		}
	}
	grouped := false
	switch d := e.detail.(type) {
	case types.RoleDetail:
		add(d.RolePolicyList, d.AttachedManagedPolicies)
	case types.UserDetail:
		add(d.UserPolicyList, d.AttachedManagedPolicies)
		grouped = len(d.GroupList) > 0
	}
	if !grouped && !slices.ContainsFunc(documents, namesAI) {
		b.None(opGetAccessed, codeNoAIPolicy)
		return
	}
	job, err := call(ctx, b.Task(), opGenerateAccessed, a.api.GenerateServiceLastAccessedDetails, &iam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String(e.arn)})
	if err != nil {
		b.Fail(opGetAccessed, err)
		return
	}
	services, err := a.wait(ctx, b.Task(), job.JobId)
	if err != nil {
		b.Fail(opGetAccessed, err)
		return
	}
	b.Answer(opGetAccessed, map[string][]serviceAccess{"Services": services})
}

// wait asks until the report is made, and reads every page of it.
func (a *accessed) wait(ctx context.Context, t *collect.Task, job *string) ([]serviceAccess, error) {
	found := []serviceAccess{}
	in := &iam.GetServiceLastAccessedDetailsInput{JobId: job, MaxItems: aws.Int32(iamPage)}
	for range maxPages {
		out, err := call(ctx, t, opGetAccessed, a.get, in)
		if err != nil {
			return nil, err
		}
		for _, s := range out.ServicesLastAccessed {
			if slices.Contains(accessedServices, aws.ToString(s.ServiceNamespace)) {
				found = append(found, serviceAccess{aws.ToString(s.ServiceNamespace), s.LastAuthenticated})
			}
		}
		if !out.IsTruncated {
			return found, nil
		}
		in.Marker = out.Marker
	}
	return nil, collect.Wrong("the report has not ended after %d pages", maxPages)
}

// get makes an unfinished report a failure that passes.
func (a *accessed) get(ctx context.Context, in *iam.GetServiceLastAccessedDetailsInput, optFns ...func(*iam.Options)) (*iam.GetServiceLastAccessedDetailsOutput, error) {
	out, err := a.api.GetServiceLastAccessedDetails(ctx, in, optFns...)
	switch {
	case err != nil:
		return nil, err
	case out.JobStatus == types.JobStatusTypeInProgress:
		return nil, &collect.Failure{Cause: assize.Timeout, Code: string(out.JobStatus), Detail: "the report of last use is still being made", Retry: true}
	case out.JobStatus == types.JobStatusTypeFailed:
		return nil, &collect.Failure{Cause: assize.ServiceError, Code: string(out.JobStatus), Detail: "the report of last use could not be made"}
	}
	return out, nil
}

// namesAI tells whether an action of the document begins with an AI service's name. A
// document that cannot be read counts, since nobody knows.
func namesAI(document string) bool {
	var policy struct{ Statement json.RawMessage }
	if document == "" || json.Unmarshal([]byte(document), &policy) != nil {
		return true
	}
	return mentions(policy.Statement)
}

// mentions looks through the texts of a JSON value.
func mentions(raw json.RawMessage) bool {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return true
	}
	var walk func(v any) bool
	walk = func(v any) bool {
		switch x := v.(type) {
		case string:
			text := strings.ToLower(x)
			return strings.HasPrefix(text, "bedrock") || strings.HasPrefix(text, "sagemaker")
		case []any:
			return slices.ContainsFunc(x, walk)
		case map[string]any:
			for _, e := range x {
				if walk(e) {
					return true
				}
			}
		}
		return false
	}
	return walk(v)
}
