package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
)

const (
	typeSageMakerMonitoringSchedule = "AWS::SageMaker::MonitoringSchedule"
	opListMonitoringSchedules       = "sagemaker:ListMonitoringSchedules"
	opDescribeMonitoringSchedule    = "sagemaker:DescribeMonitoringSchedule"
	opListMonitoringExecutions      = "sagemaker:ListMonitoringExecutions"

	// newestExecutions is how many runs of a schedule are read: more than can be under
	// way or waiting at once, so that the last one that ended is among them.
	newestExecutions = 10
)

// sagemakerMonitoringSchedules reads the schedules. A job definition that a schedule
// names is read by its own collector and not again here. Of the runs only the newest
// are read: a schedule that works every hour has thousands.
var sagemakerMonitoringSchedules = collector{
	Declaration: collect.Declaration{
		Name: "sagemaker-monitoring-schedules", Service: "sagemaker", Scope: collect.Regional, Types: []string{typeSageMakerMonitoringSchedule},
		Operations: []collect.Operation{
			{Name: opListMonitoringSchedules, Actions: []string{opListMonitoringSchedules}},
			{Name: opDescribeMonitoringSchedule, Actions: []string{opDescribeMonitoringSchedule}},
			{Name: opListMonitoringExecutions, Actions: []string{opListMonitoringExecutions}},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.sagemaker(t.Region)
		in := &sagemaker.ListMonitoringSchedulesInput{
			MaxResults: aws.Int32(sagemakerPage),
			SortBy:     types.MonitoringScheduleSortKeyCreationTime, SortOrder: types.SortOrderDescending,
		}
		schedules := list(ctx, t, opListMonitoringSchedules, sagemaker.NewListMonitoringSchedulesPaginator(api, in),
			func(o *sagemaker.ListMonitoringSchedulesOutput) []types.MonitoringScheduleSummary {
				return o.MonitoringScheduleSummaries
			},
			typeSageMakerMonitoringSchedule)
		return sagemakerEach(ctx, t, typeSageMakerMonitoringSchedule, schedules,
			func(s types.MonitoringScheduleSummary) (name, arn *string) {
				return s.MonitoringScheduleName, s.MonitoringScheduleArn
			},
			func(ctx context.Context, b *collect.Builder, name *string) {
				describe(ctx, b, opDescribeMonitoringSchedule, api.DescribeMonitoringSchedule,
					&sagemaker.DescribeMonitoringScheduleInput{MonitoringScheduleName: name})
				describe(ctx, b, opListMonitoringExecutions, api.ListMonitoringExecutions, &sagemaker.ListMonitoringExecutionsInput{
					MonitoringScheduleName: name, MaxResults: aws.Int32(newestExecutions),
					SortBy: types.MonitoringExecutionSortKeyScheduledTime, SortOrder: types.SortOrderDescending,
				})
			})
	},
}
