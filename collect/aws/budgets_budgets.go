package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/budgets"
	"github.com/aws/aws-sdk-go-v2/service/budgets/types"
)

const (
	typeBudget              = "AWS::Budgets::Budget"
	opDescribeBudgets       = "budgets:DescribeBudgets"
	opDescribeNotifications = "budgets:DescribeNotificationsForBudget"
	// actionViewBudget is the one action behind every read of AWS Budgets.
	actionViewBudget = "budgets:ViewBudget"

	budgetPage       = 100
	notificationPage = 100
)

var budgetsBudgets = collector{
	Declaration: collect.Declaration{
		Name: "budgets-budgets", Service: "budgets", Scope: collect.Global, Types: []string{typeBudget},
		Operations: []collect.Operation{
			{Name: opDescribeBudgets, Actions: []string{actionViewBudget}, MayBeEmpty: true},
			{Name: opDescribeNotifications, Actions: []string{actionViewBudget}, MayBeEmpty: true},
		},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		api := c.budgets(t.Region)
		in := &budgets.DescribeBudgetsInput{AccountId: &t.Account, MaxResults: aws.Int32(budgetPage), ShowFilterExpression: aws.Bool(true)}
		all := list(ctx, t, opDescribeBudgets, budgets.NewDescribeBudgetsPaginator(api, in),
			func(o *budgets.DescribeBudgetsOutput) []types.Budget { return o.Budgets }, typeBudget)
		key := func(x types.Budget) (string, string) { return typeBudget, aws.ToString(x.BudgetName) }
		return each(ctx, t, all, key, func(ctx context.Context, b *collect.Builder, x types.Budget) {
			b.Answer(opDescribeBudgets, x)
			gather(ctx, b, opDescribeNotifications, budgets.NewDescribeNotificationsForBudgetPaginator(api, &budgets.DescribeNotificationsForBudgetInput{
				AccountId: &t.Account, BudgetName: x.BudgetName, MaxResults: aws.Int32(notificationPage),
			}), "Notifications", func(o *budgets.DescribeNotificationsForBudgetOutput) []types.Notification { return o.Notifications })
		})
	},
}

func (c *clients) budgets(region string) *budgets.Client {
	return client(c, "budgets", region, func(cfg aws.Config) *budgets.Client { return budgets.NewFromConfig(cfg) })
}
