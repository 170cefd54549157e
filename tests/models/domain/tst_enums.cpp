// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/intervention.h"
#include "models/domain/operator_command.h"
#include "models/domain/catalog.h"
#include "models/domain/coupon.h"
#include "models/domain/gateway.h"
#include "models/domain/job.h"
#include "models/domain/ledger.h"
#include "models/domain/order.h"
#include "models/domain/tcc.h"
#include "models/domain/transaction.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QSet>
#include <QTest>

#include <functional>
#include <vector>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

/// What one enum promises: `pinned` is its values and names as databases out there hold them. A change to a line of this
/// table needs a migration.
struct Promise {
    const char* name;
    QString pinned;
    QString actual;
    std::function<QString(const QString&)> problemWith;
};

template<NamedEnum E>
Promise promise(const char* name, const char* pinned)
{
    QStringList actual;
    for (const auto& [value, text] : EnumNames<E>::names) {
        actual << u"%1=%2"_s.arg(static_cast<int>(value)).arg(QString::fromLatin1(text));
    }
    return {name, QString::fromLatin1(pinned), actual.join(u' '), [](const QString& text) -> QString {
                const auto parsed = parseEnum<E>(text);
                if (!parsed) {
                    return toString(parsed.error().code);
                }
                return toString(*parsed) == text ? QString() : u"reads as %1"_s.arg(toString(*parsed));
            }};
}

std::vector<Promise> promises()
{
    return {
        promise<AccountKind>("AccountKind", "0=wallet 1=merchant 10=clearing 11=bank 12=fees 13=gateway_fees 14=promotions 15=commission "
                                            "16=disputes 17=receivable 18=suspense 19=rounding"),
        promise<AccountStatus>("AccountStatus", "0=open 1=closed"),
        promise<BranchPhase>("BranchPhase", "0=registered 1=tried 2=refused 3=confirmed 4=cancelled"),
        promise<Bucket>("Bucket", "0=available 1=frozen"),
        promise<CallbackState>("CallbackState", "0=stored 1=applied 2=ignored 3=case"),
        promise<CancelReason>("CancelReason", "0= 1=buyer 2=expired 3=declined 4=operator"),
        promise<CaseNoteKind>("CaseNoteKind", "0=note 1=claimed 2=released 3=handed_over 4=snoozed 5=escalated 6=resolved 7=reopened"),
        promise<CaseSeverity>("CaseSeverity", "0=info 1=warning 2=critical"),
        promise<CaseState>("CaseState", "0=open 1=resolved"),
        promise<CommandKind>("CommandKind", "0=retry_job 1=ask_gateway 2=reapply_callback 3=confirm_with_evidence 4=cancel_and_release 5=refund 6=freeze "
                                            "7=unfreeze 8=adjust 9=extend_deadline 10=release_settlement"),
        promise<CommandStatus>("CommandStatus", "0=requested 1=previewed 2=refused 3=awaiting_approval 4=queued 5=done 6=failed 7=stale 8=rejected 9=withdrawn"),
        promise<CouponFunding>("CouponFunding", "0=platform 1=merchant"),
        promise<CouponKind>("CouponKind", "0=fixed 1=threshold"),
        promise<EntryKind>("EntryKind", "0=recharge 1=freeze 2=release 3=payment 4=settlement 5=refund 6=suspense 7=withdrawal 8=adjustment"),
        promise<ErrorClass>("ErrorClass", "0= 1=transient 2=unknown 3=permanent 4=integrity"),
        promise<EventOutcome>("EventOutcome", "0=applied 1=not_accepted 2=noted"),
        promise<ExchangeState>("ExchangeState", "0=queued 1=sending 2=answered 3=refused 4=unknown 5=withdrawn"),
        promise<FenceState>("FenceState", "0=tried 1=confirmed 2=cancelled 3=tombstone"),
        promise<FulfilmentKind>("FulfilmentKind", "0=physical 1=digital"),
        promise<Funding>("Funding", "0=wallet 1=gateway 2=both"),
        promise<GatewayOperation>("GatewayOperation", "0=create_intent 1=confirm_intent 2=capture_intent 3=cancel_intent 4=create_refund "
                                                      "5=fetch_intent 6=fetch_refund 7=find_intent 8=find_refund"),
        promise<GrantState>("GrantState", "0=available 1=locked 2=used 3=expired"),
        promise<HoldMovementKind>("HoldMovementKind", "0=capture 1=release"),
        promise<HoldReason>("HoldReason", "0=payment 1=settlement 2=refund 3=manual 4=withdrawal 5=dispute"),
        promise<HoldState>("HoldState", "0=open 1=captured 2=released"),
        promise<JobKind>("JobKind", "0=order_event 1=order_timer 2=tcc_drive 3=gateway_send 4=gateway_poll 5=callback_apply 6=settlement_release 7=hold_expiry"),
        promise<JobState>("JobState", "0=ready 1=leased 2=parked 3=done 4=cancelled"),
        promise<OwnerKind>("OwnerKind", "0=system 1=customer 2=merchant"),
        promise<Participant>("Participant", "0=accounts 1=stock 2=coupons 3=refund"),
        promise<ReservationState>("ReservationState", "0=open 1=deducted 2=returned"),
        promise<Role>("Role", "0=support 1=supervisor 2=finance 3=administrator 4=auditor"),
        promise<SplitStrategy>("SplitStrategy", "0=none 1=merchant 2=warehouse 3=fulfilment 4=merchant_warehouse"),
        promise<TccDecision>("TccDecision", "0=trying 1=confirming 2=confirmed 3=cancelling 4=cancelled"),
        promise<TransactionKind>("TransactionKind", "0=recharge 1=payment 2=refund 3=withdrawal 4=settlement 5=adjustment"),
        promise<TransactionStatus>("TransactionStatus", "0=pending 1=processing 2=succeeded 3=failed 4=cancelled 5=unknown 6=conflicted"),
    };
}

} // namespace

class TestEnums : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void persistedValuesAndNamesStayWhatTheyAre_data() { rows(); }
    void persistedValuesAndNamesStayWhatTheyAre();
    void everyNameReadsBackAsItsValue_data() { rows(); }
    void everyNameReadsBackAsItsValue();
    void unknownNamesAreErrors_data() { rows(); }
    void unknownNamesAreErrors();

private:
    static void rows();
    static Promise current();
};

void TestEnums::rows()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Promise& promised : promises()) {
        QTest::newRow(promised.name) << index++;
    }
}

Promise TestEnums::current()
{
    const int index = *static_cast<int*>(QTest::qData("index", QMetaType::Int));
    return promises().at(static_cast<std::size_t>(index));
}

void TestEnums::persistedValuesAndNamesStayWhatTheyAre()
{
    const Promise promised = current();
    QCOMPARE(promised.actual, promised.pinned);
}

void TestEnums::everyNameReadsBackAsItsValue()
{
    const Promise promised = current();
    QSet<QString> seen;
    for (const QString& pair : promised.pinned.split(u' ')) {
        const QString name = pair.section(u'=', 1);
        QVERIFY2(!seen.contains(name), qPrintable(name));
        seen.insert(name);
        QCOMPARE(promised.problemWith(name), QString());
    }
}

void TestEnums::unknownNamesAreErrors()
{
    const Promise promised = current();
    for (const QString& name : {u"no_such_value"_s, u"0"_s, u"Open"_s, u" open"_s, QString(5000, u'x')}) {
        QCOMPARE(promised.problemWith(name), u"unknown_value"_s);
    }
}

QTEST_APPLESS_MAIN(TestEnums)
#include "tst_enums.moc"
