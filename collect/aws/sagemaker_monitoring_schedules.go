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
)

// sagemakerMonitoringSchedules reads the schedules. A job definition that a schedule
// names is read by its own collector and not again here.
var sagemakerMonitoringSchedules = collector{
	Declaration: sagemakerDeclaration("sagemaker-monitoring-schedules", typeSageMakerMonitoringSchedule, opListMonitoringSchedules, opDescribeMonitoringSchedule),
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
			})
	},
}
