package aws

import (
	"context"
	"strings"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

const (
	typeRole          = "AWS::IAM::Role"
	typeUser          = "AWS::IAM::User"
	typeGroup         = "AWS::IAM::Group"
	typeManagedPolicy = "AWS::IAM::ManagedPolicy"
	typeInlinePolicy  = "AWS::IAM::Policy"
	typeRootUser      = "AWS::IAM::RootUser"

	opGetAuthorizationDetails = "iam:GetAccountAuthorizationDetails"
	opListRoles               = "iam:ListRoles"
	opGetAccountSummary       = "iam:GetAccountSummary"
	opListVirtualMFADevices   = "iam:ListVirtualMFADevices"
	opGenerateReport          = "iam:GenerateCredentialReport"
	opGetReport               = "iam:GetCredentialReport"

	iamPage  = 1000
	rootUser = "root"
)

// iamAuthorization reads all of IAM in a handful of requests: one list has roles,
// users, groups and policies with their documents, one report the credentials of
// all users and of the root user. That is why one collector has them all.
var iamAuthorization = collector{
	Declaration: collect.Declaration{
		Name: "iam-authorization", Service: "iam", Scope: collect.Global,
		Types: []string{typeRole, typeUser, typeGroup, typeManagedPolicy, typeInlinePolicy, typeRootUser},
		Operations: []collect.Operation{
			{Name: opGetAuthorizationDetails, Actions: []string{opGetAuthorizationDetails}},
			{Name: opListRoles, Actions: []string{opListRoles}},
			{Name: opGetAccountSummary, Actions: []string{opGetAccountSummary}},
			{Name: opListVirtualMFADevices, Actions: []string{opListVirtualMFADevices}},
			{Name: opGenerateReport, Actions: []string{opGenerateReport}},
			{Name: opGetReport, Actions: []string{opGetReport}},
			{Name: opGenerateAccessed, Actions: []string{opGenerateAccessed}},
			{Name: opGetAccessed, Actions: []string{opGetAccessed}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.iam("")
		reportErr := orderReport(ctx, t, api)
		in := &iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(iamPage), Filter: []types.EntityType{
			types.EntityTypeRole, types.EntityTypeUser, types.EntityTypeGroup,
			types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy,
		}}
		all := list(ctx, t, opGetAuthorizationDetails, iam.NewGetAccountAuthorizationDetailsPaginator(api, in),
			entities, typeRole, typeUser, typeGroup, typeManagedPolicy, typeInlinePolicy)
		sessions, sessionsErr := roleSessions(ctx, t, api)
		var rows map[string]userCredentials
		if reportErr == nil {
			rows, reportErr = credentialReport(ctx, t, api)
		}
		key := func(e iamEntity) (string, string) { return e.typ, e.id }
		use := newAccessed(api, all)
		err := each(ctx, t, all, key, func(ctx context.Context, b *collect.Builder, e iamEntity) {
			b.ARN(e.arn)
			if e.err != nil {
				b.Fail(opGetAuthorizationDetails, e.err)
			} else {
				b.Answer(opGetAuthorizationDetails, e.detail)
			}
			switch e.typ {
			case typeUser:
				answerReport(b, rows, e.arn, reportErr)
				use.describe(ctx, b, e)
			case typeRole:
				answerSession(b, sessions, sessionsErr)
				use.describe(ctx, b, e)
			}
		})
		if err != nil {
			return err
		}
		if b := t.New(typeRootUser, rootUser); b != nil {
			b.ARN("arn:" + assize.Partition(c.home) + ":iam::" + t.Account + ":root")
			answerReport(b, rows, rootRow, reportErr)
			describe(ctx, b, opGetAccountSummary, api.GetAccountSummary, &iam.GetAccountSummaryInput{})
			describeRootDevices(ctx, b, api)
			t.Emit(b)
		}
		t.Complete(typeRootUser) // each account has exactly one
		return nil
	},
}

// roleSession is what the authorization details leave out of a role.
type roleSession struct{ MaxSessionDuration *int32 }

// roleSessions lists the roles once more, for how long their sessions may last.
func roleSessions(ctx context.Context, t *collect.Task, api *iam.Client) (map[string]roleSession, error) {
	all, err := pages(ctx, t, opListRoles, t.Region, iam.NewListRolesPaginator(api, &iam.ListRolesInput{MaxItems: aws.Int32(iamPage)}),
		func(o *iam.ListRolesOutput) []types.Role { return o.Roles })
	sessions := map[string]roleSession{}
	for _, r := range all {
		sessions[aws.ToString(r.RoleName)] = roleSession{r.MaxSessionDuration}
	}
	return sessions, err
}

func answerSession(b *collect.Builder, sessions map[string]roleSession, err error) {
	s, ok := sessions[b.ID()]
	switch {
	case ok:
		b.Answer(opListRoles, s)
	case err != nil:
		b.Fail(opListRoles, err)
	default:
		b.Fail(opListRoles, collect.Wrong("the list of roles does not have it"))
	}
}

// answerReport adds the user's row of the credential report.
func answerReport(b *collect.Builder, rows map[string]userCredentials, user string, err error) {
	row, ok := rows[user]
	switch {
	case err != nil:
		b.Fail(opGetReport, err)
	case !ok:
		b.Fail(opGetReport, collect.Wrong("the credential report has no row for it"))
	default:
		b.Answer(opGetReport, row)
	}
}

// describeRootDevices adds the virtual MFA devices of the root user.
func describeRootDevices(ctx context.Context, b *collect.Builder, api *iam.Client) {
	in := &iam.ListVirtualMFADevicesInput{AssignmentStatus: types.AssignmentStatusTypeAssigned, MaxItems: aws.Int32(iamPage)}
	gather(ctx, b, opListVirtualMFADevices, iam.NewListVirtualMFADevicesPaginator(api, in), "VirtualMFADevices",
		func(o *iam.ListVirtualMFADevicesOutput) []types.VirtualMFADevice {
			var devices []types.VirtualMFADevice
			for _, d := range o.VirtualMFADevices {
				if d.User != nil && strings.HasSuffix(aws.ToString(d.User.Arn), ":"+rootUser) {
					devices = append(devices, d)
				}
			}
			return devices
		})
}
