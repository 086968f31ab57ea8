package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
)

const (
	typeProtectedResource    = "AWS::Backup::ProtectedResource"
	opListProtectedResources = "backup:ListProtectedResources"
)

// backupProtectedResources reads what was backed up at least once, and when last.
var backupProtectedResources = collector{
	Declaration: collect.Declaration{
		Name: "backup-protected-resources", Service: "backup", Scope: collect.Regional, Types: []string{typeProtectedResource},
		Operations: []collect.Operation{{Name: opListProtectedResources, Actions: []string{opListProtectedResources}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		resources := list(ctx, t, opListProtectedResources,
			backup.NewListProtectedResourcesPaginator(c.backup(t.Region), &backup.ListProtectedResourcesInput{MaxResults: aws.Int32(backupPage)}),
			func(o *backup.ListProtectedResourcesOutput) []types.ProtectedResource { return o.Results }, typeProtectedResource)
		key := func(r types.ProtectedResource) (string, string) {
			return typeProtectedResource, aws.ToString(r.ResourceArn)
		}
		return each(ctx, t, resources, key, func(_ context.Context, b *collect.Builder, r types.ProtectedResource) {
			b.Answer(opListProtectedResources, r)
		})
	},
}
