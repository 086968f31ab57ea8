package aws

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
)

// sessionUnit is what the source itself calls before it can plan. It is no
// collector; its permissions and requests are counted under its name.
var sessionUnit = collect.Declaration{
	Name: "session", Service: "sts", Scope: collect.Global,
	Operations: []collect.Operation{
		{Name: "sts:GetCallerIdentity", Actions: []string{"sts:GetCallerIdentity"}},
		{Name: "ec2:DescribeRegions", Actions: []string{"ec2:DescribeRegions"}},
		// Of an organization's accounts; asked where there is an Organization only.
		{Name: opListAccounts, Actions: []string{opListAccounts}},
		{Name: opListAccountsForParent, Actions: []string{opListAccountsForParent}},
		{Name: opListRoots, Actions: []string{opListRoots}},
		{Name: opListUnitsForParent, Actions: []string{opListUnitsForParent}},
	},
}

// Account is a way into one account.
type Account struct {
	// ID of the account; may be empty.
	ID string
	// Name for people; may be empty.
	Name string
	// RoleARN is the role to take on; empty means the credentials as they are.
	RoleARN string
	// ExternalID that the role's trust policy asks for; may be empty.
	ExternalID string
}

// id is the account that it leads to, as far as that is known before: "" where neither
// an id nor a role's ARN says it.
func (a Account) id() string {
	if a.ID != "" {
		return a.ID
	}
	if parts := strings.Split(a.RoleARN, ":"); len(parts) > 5 {
		return parts[4]
	}
	return ""
}

// loadConfig reads credentials and settings by the default chain of the SDK. The
// runner owns retries, so the SDK makes one attempt.
func loadConfig(ctx context.Context, o Options) (aws.Config, error) {
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.MaxIdleConns, t.MaxIdleConnsPerHost = 512, 256
	})
	opts := []func(*config.LoadOptions) error{
		config.WithHTTPClient(client),
		config.WithRetryer(func() aws.Retryer { return aws.NopRetryer{} }),
		config.WithLogger(logging.Nop{}), // what the SDK would say, an error or a gap says
	}
	if o.Profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(o.Profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("load the AWS configuration: %w", err)
	}
	cfg.Region = cmp.Or(cfg.Region, o.Region, "us-east-1")
	return cfg, nil
}

// entered is an account with its clients.
type entered struct {
	id, name, partition string
	clients             *clients
}

// enter takes on the account's role, where it has one, and asks who it is.
func (s *Source) enter(ctx context.Context, r *collect.Runner, a Account) (*entered, error) {
	cfg := s.cfg.Copy()
	if a.RoleARN != "" {
		role := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(s.cfg), a.RoleARN, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = "assize"
			if a.ExternalID != "" {
				o.ExternalID = aws.String(a.ExternalID)
			}
		})
		cfg.Credentials = aws.NewCredentialsCache(role)
	}
	c := newClients(cfg)
	var out *sts.GetCallerIdentityOutput
	err := r.Call(ctx, sessionUnit.Name, a.id(), c.home, "sts:GetCallerIdentity", func(ctx context.Context) (err error) {
		out, err = c.sts(c.home).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		return err
	})
	if err != nil {
		return nil, err
	}
	parts := strings.Split(aws.ToString(out.Arn), ":")
	if aws.ToString(out.Account) == "" || len(parts) < 6 {
		return nil, collect.Wrong("the caller's identity has no account")
	}
	return &entered{id: *out.Account, name: a.Name, partition: parts[1], clients: c}, nil
}

// regionStatus lists the Regions of the account's partition: true for those enabled.
func (s *Source) regionStatus(ctx context.Context, r *collect.Runner, a *entered) (map[string]bool, error) {
	var out *ec2.DescribeRegionsOutput
	err := r.Call(ctx, sessionUnit.Name, a.id, a.clients.home, "ec2:DescribeRegions", func(ctx context.Context) (err error) {
		out, err = a.clients.ec2(a.clients.home).DescribeRegions(ctx, &ec2.DescribeRegionsInput{AllRegions: aws.Bool(true)})
		return err
	})
	if err != nil {
		return nil, err
	}
	status := map[string]bool{}
	for _, region := range out.Regions {
		status[aws.ToString(region.RegionName)] = aws.ToString(region.OptInStatus) != "not-opted-in"
	}
	if len(status) == 0 {
		return nil, collect.Wrong("no Regions are listed")
	}
	return status, nil
}
