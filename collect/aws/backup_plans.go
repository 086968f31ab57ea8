package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
)

const (
	typeBackupPlan    = "AWS::Backup::BackupPlan"
	opListBackupPlans = "backup:ListBackupPlans"
	opGetBackupPlan   = "backup:GetBackupPlan"
	opListSelections  = "backup:ListBackupSelections"
)

// backupPlans reads each plan with its rules and what is assigned to it.
var backupPlans = collector{
	Declaration: collect.Declaration{
		Name: "backup-plans", Service: "backup", Scope: collect.Regional, Types: []string{typeBackupPlan},
		Operations: []collect.Operation{
			{Name: opListBackupPlans, Actions: []string{opListBackupPlans}},
			{Name: opGetBackupPlan, Actions: []string{opGetBackupPlan}},
			{Name: opListSelections, Actions: []string{opListSelections}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.backup(t.Region)
		plans := list(ctx, t, opListBackupPlans,
			backup.NewListBackupPlansPaginator(api, &backup.ListBackupPlansInput{MaxResults: aws.Int32(backupPage)}),
			func(o *backup.ListBackupPlansOutput) []types.BackupPlansListMember { return o.BackupPlansList }, typeBackupPlan)
		key := func(p types.BackupPlansListMember) (string, string) {
			return typeBackupPlan, aws.ToString(p.BackupPlanId)
		}
		return each(ctx, t, plans, key, func(ctx context.Context, b *collect.Builder, p types.BackupPlansListMember) {
			b.ARN(aws.ToString(p.BackupPlanArn))
			b.Answer(opListBackupPlans, p)
			describe(ctx, b, opGetBackupPlan, api.GetBackupPlan, &backup.GetBackupPlanInput{BackupPlanId: p.BackupPlanId})
			selections := &backup.ListBackupSelectionsInput{BackupPlanId: p.BackupPlanId, MaxResults: aws.Int32(backupPage)}
			gather(ctx, b, opListSelections, backup.NewListBackupSelectionsPaginator(api, selections), "Selections",
				func(o *backup.ListBackupSelectionsOutput) []types.BackupSelectionsListMember {
					return o.BackupSelectionsList
				})
		})
	},
}
