package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	typeTable                   = "AWS::DynamoDB::Table"
	opListTables                = "dynamodb:ListTables"
	opDescribeTable             = "dynamodb:DescribeTable"
	opDescribeContinuousBackups = "dynamodb:DescribeContinuousBackups"
	opListTagsOfTable           = "dynamodb:ListTagsOfResource"

	tablePage = 100
)

// dynamodbTables reads tables: agents keep sessions, memory and histories in them.
var dynamodbTables = collector{
	Declaration: collect.Declaration{
		Name: "dynamodb-tables", Service: "dynamodb", Scope: collect.Regional, Types: []string{typeTable},
		Operations: []collect.Operation{
			{Name: opListTables, Actions: []string{opListTables}, MayBeEmpty: true},
			{Name: opDescribeTable, Actions: []string{opDescribeTable}},
			{Name: opDescribeContinuousBackups, Actions: []string{opDescribeContinuousBackups}},
			{Name: opListTagsOfTable, Actions: []string{opListTagsOfTable}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.dynamodb(t.Region)
		names := list(ctx, t, opListTables, dynamodb.NewListTablesPaginator(api, &dynamodb.ListTablesInput{Limit: aws.Int32(tablePage)}),
			func(o *dynamodb.ListTablesOutput) []string { return o.TableNames }, typeTable)
		key := func(name string) (string, string) { return typeTable, name }
		return each(ctx, t, names, key, func(ctx context.Context, b *collect.Builder, name string) {
			out := describe(ctx, b, opDescribeTable, api.DescribeTable, &dynamodb.DescribeTableInput{TableName: &name})
			describe(ctx, b, opDescribeContinuousBackups, api.DescribeContinuousBackups, &dynamodb.DescribeContinuousBackupsInput{TableName: &name})
			if out == nil || out.Table == nil {
				return
			}
			b.ARN(aws.ToString(out.Table.TableArn))
			gather(ctx, b, opListTagsOfTable, &tableTagPages{api: api, in: dynamodb.ListTagsOfResourceInput{ResourceArn: out.Table.TableArn}},
				"Tags", func(o *dynamodb.ListTagsOfResourceOutput) []types.Tag { return o.Tags })
		})
	},
}

func (c *clients) dynamodb(region string) *dynamodb.Client {
	return client(c, "dynamodb", region, func(cfg aws.Config) *dynamodb.Client { return dynamodb.NewFromConfig(cfg) })
}

// tableTagPages is the paginator that the SDK does not have.
type tableTagPages struct {
	api  *dynamodb.Client
	in   dynamodb.ListTagsOfResourceInput
	done bool
}

// HasMorePages reports whether there is a further page.
func (p *tableTagPages) HasMorePages() bool { return !p.done }

// NextPage reads it.
func (p *tableTagPages) NextPage(ctx context.Context, optFns ...func(*dynamodb.Options)) (*dynamodb.ListTagsOfResourceOutput, error) {
	out, err := p.api.ListTagsOfResource(ctx, &p.in, optFns...)
	if err != nil {
		return nil, err
	}
	p.in.NextToken, p.done = out.NextToken, aws.ToString(out.NextToken) == ""
	return out, nil
}
