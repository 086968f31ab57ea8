package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
)

const (
	typeRestoreJob            = "AWS::Backup::RestoreJob"
	typeRestoreTestingPlan    = "AWS::Backup::RestoreTestingPlan"
	opListRestoreJobs         = "backup:ListRestoreJobs"
	opListRestoreTestingPlans = "backup:ListRestoreTestingPlans"
)

// backupRestores reads the jobs that restored something, by hand or by a test, and the
// plans of tests.
var backupRestores = collector{
	Declaration: collect.Declaration{
		Name: "backup-restores", Service: "backup", Scope: collect.Regional, Types: []string{typeRestoreJob, typeRestoreTestingPlan},
		Operations: []collect.Operation{
			{Name: opListRestoreJobs, Actions: []string{opListRestoreJobs}},
			{Name: opListRestoreTestingPlans, Actions: []string{opListRestoreTestingPlans}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.backup(t.Region)
		jobs := list(ctx, t, opListRestoreJobs,
			backup.NewListRestoreJobsPaginator(api, &backup.ListRestoreJobsInput{MaxResults: aws.Int32(backupPage)}),
			func(o *backup.ListRestoreJobsOutput) []types.RestoreJobsListMember { return o.RestoreJobs }, typeRestoreJob)
		err := each(ctx, t, jobs,
			func(j types.RestoreJobsListMember) (string, string) {
				return typeRestoreJob, aws.ToString(j.RestoreJobId)
			},
			func(_ context.Context, b *collect.Builder, j types.RestoreJobsListMember) {
				b.Answer(opListRestoreJobs, j)
			})
		if err != nil {
			return err
		}
		plans := list(ctx, t, opListRestoreTestingPlans,
			backup.NewListRestoreTestingPlansPaginator(api, &backup.ListRestoreTestingPlansInput{MaxResults: aws.Int32(backupPage)}),
			func(o *backup.ListRestoreTestingPlansOutput) []types.RestoreTestingPlanForList {
				return o.RestoreTestingPlans
			},
			typeRestoreTestingPlan)
		return each(ctx, t, plans,
			func(p types.RestoreTestingPlanForList) (string, string) {
				return typeRestoreTestingPlan, aws.ToString(p.RestoreTestingPlanName)
			},
			func(_ context.Context, b *collect.Builder, p types.RestoreTestingPlanForList) {
				b.ARN(aws.ToString(p.RestoreTestingPlanArn))
				b.Answer(opListRestoreTestingPlans, p)
			})
	},
}
