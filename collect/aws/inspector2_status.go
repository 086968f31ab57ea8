package aws

import (
	"context"

	"github.com/assize-dev/assize/collect"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/inspector2"
	"github.com/aws/aws-sdk-go-v2/service/inspector2/types"
)

const (
	typeInspector        = "AWS::InspectorV2::Enabler"
	opGetInspectorStatus = "inspector2:BatchGetAccountStatus"
)

func (c *clients) inspector2(region string) *inspector2.Client {
	return client(c, "inspector2", region, func(cfg aws.Config) *inspector2.Client { return inspector2.NewFromConfig(cfg) })
}

// inspectorStatus reads what Inspector scans in the account and Region. There is no
// record where Inspector is switched off.
var inspectorStatus = collector{
	Declaration: collect.Declaration{
		Name: "inspector2-status", Service: "inspector2", Scope: collect.Regional, Types: []string{typeInspector},
		Operations: []collect.Operation{{Name: opGetInspectorStatus, Actions: []string{opGetInspectorStatus}}},
	},
	run: func(ctx context.Context, c *clients, t *collect.Task) error {
		out, err := call(ctx, t, opGetInspectorStatus, c.inspector2(t.Region).BatchGetAccountStatus,
			&inspector2.BatchGetAccountStatusInput{AccountIds: []string{t.Account}})
		if err == nil && len(out.Accounts) == 0 {
			err = collect.Wrong("the answer does not speak of the account")
		}
		if err != nil {
			t.Gap(opGetInspectorStatus, err, typeInspector)
			return nil
		}
		t.Complete(typeInspector)
		key := func(s types.AccountState) (string, string) { return typeInspector, aws.ToString(s.AccountId) }
		return each(ctx, t, switchedOn(out.Accounts), key, func(_ context.Context, b *collect.Builder, s types.AccountState) {
			b.Answer(opGetInspectorStatus, s)
		})
	},
}

func switchedOn(accounts []types.AccountState) []types.AccountState {
	var on []types.AccountState
	for _, a := range accounts {
		if a.State == nil || a.State.Status != types.StatusDisabled {
			on = append(on, a)
		}
	}
	return on
}
