package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"
)

const (
	typeFileSystem = "AWS::EFS::FileSystem"
	// botocore calls EFS efs, and IAM elasticfilesystem.
	opDescribeFileSystems = "efs:DescribeFileSystems"

	fileSystemPage = 100
)

var efsFileSystems = collector{
	Declaration: collect.Declaration{
		Name: "efs-file-systems", Service: "efs", Scope: collect.Regional, Types: []string{typeFileSystem},
		Operations: []collect.Operation{
			{Name: opDescribeFileSystems, Actions: []string{"elasticfilesystem:DescribeFileSystems"}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		in := &efs.DescribeFileSystemsInput{MaxItems: aws.Int32(fileSystemPage)}
		systems := list(ctx, t, opDescribeFileSystems, efs.NewDescribeFileSystemsPaginator(c.efs(t.Region), in),
			func(o *efs.DescribeFileSystemsOutput) []types.FileSystemDescription { return o.FileSystems }, typeFileSystem)
		key := func(f types.FileSystemDescription) (string, string) {
			return typeFileSystem, aws.ToString(f.FileSystemId)
		}
		return each(ctx, t, systems, key, func(_ context.Context, b *collect.Builder, f types.FileSystemDescription) {
			b.ARN(aws.ToString(f.FileSystemArn))
			b.Answer(opDescribeFileSystems, f)
		})
	},
}

func (c *clients) efs(region string) *efs.Client {
	return client(c, "efs", region, func(cfg aws.Config) *efs.Client { return efs.NewFromConfig(cfg) })
}
