package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"
)

const (
	typeBackupVault      = "AWS::Backup::BackupVault"
	typeRecoveryPoint    = "AWS::Backup::RecoveryPoint"
	opListBackupVaults   = "backup:ListBackupVaults"
	opListRecoveryPoints = "backup:ListRecoveryPointsByBackupVault"

	backupPage = 1000
)

func (c *clients) backup(region string) *backup.Client {
	return client(c, "backup", region, func(cfg aws.Config) *backup.Client { return backup.NewFromConfig(cfg) })
}

// backupVaults reads the vaults and the recovery points in those that hold any.
var backupVaults = collector{
	Declaration: collect.Declaration{
		Name: "backup-vaults", Service: "backup", Scope: collect.Regional, Types: []string{typeBackupVault, typeRecoveryPoint},
		Operations: []collect.Operation{
			{Name: opListBackupVaults, Actions: []string{opListBackupVaults}},
			{Name: opListRecoveryPoints, Actions: []string{opListRecoveryPoints}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.backup(t.Region)
		vaults := list(ctx, t, opListBackupVaults,
			backup.NewListBackupVaultsPaginator(api, &backup.ListBackupVaultsInput{MaxResults: aws.Int32(backupPage)}),
			func(o *backup.ListBackupVaultsOutput) []types.BackupVaultListMember { return o.BackupVaultList },
			typeBackupVault, typeRecoveryPoint)
		err := each(ctx, t, vaults,
			func(v types.BackupVaultListMember) (string, string) {
				return typeBackupVault, aws.ToString(v.BackupVaultName)
			},
			func(_ context.Context, b *collect.Builder, v types.BackupVaultListMember) {
				b.ARN(aws.ToString(v.BackupVaultArn))
				b.Answer(opListBackupVaults, v)
			})
		if err != nil {
			return err
		}
		var points []types.RecoveryPointByBackupVault
		for _, v := range vaults {
			if v.NumberOfRecoveryPoints == 0 {
				continue
			}
			points = append(points, list(ctx, t, opListRecoveryPoints,
				backup.NewListRecoveryPointsByBackupVaultPaginator(api, &backup.ListRecoveryPointsByBackupVaultInput{
					BackupVaultName: v.BackupVaultName, MaxResults: aws.Int32(backupPage),
				}),
				func(o *backup.ListRecoveryPointsByBackupVaultOutput) []types.RecoveryPointByBackupVault {
					return o.RecoveryPoints
				},
				typeRecoveryPoint)...)
		}
		key := func(p types.RecoveryPointByBackupVault) (string, string) {
			return typeRecoveryPoint, aws.ToString(p.RecoveryPointArn)
		}
		return each(ctx, t, points, key, func(_ context.Context, b *collect.Builder, p types.RecoveryPointByBackupVault) {
			b.ARN(b.ID())
			b.Answer(opListRecoveryPoints, p)
		})
	},
}
