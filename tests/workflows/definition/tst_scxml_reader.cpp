// SPDX-License-Identifier: GPL-3.0-or-later
#include "resources/resources.h"
#include "workflows/definition/scxml_reader.h"

#include <QFile>
#include <QTest>

using namespace counterfoil;

namespace {

// A small workflow; each %n can be filled with something bad.
const char* const frame =
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:cf='urn:counterfoil:workflow:1' xmlns:x='urn:x' version='1.0' name='w' initial='a' datamodel='ecmascript'%1>\n"
    "<datamodel><data id='paid' expr='0'/>%2</datamodel>\n"
    "<cf:policy name='p'/>%3\n"
    "<state id='a' cf:kind='wait'%4>\n"
    "<onentry>%5</onentry>\n"
    "<transition type='external' event='go' target='b'%6>%7</transition>%8\n"
    "</state>\n"
    "<final id='b'/>\n"
    "</scxml>\n";

QByteArray with(int place, const QString& content)
{
    QString text = QString::fromLatin1(frame);
    for (int i = 1; i <= 8; ++i) {
        text.replace(QStringLiteral("%") + QString::number(i), i == place ? content : QString());
    }
    return text.toUtf8();
}

QByteArray replaced(const char* what, const char* by)
{
    return with(0, QString()).replace(what, by);
}

QString refusal(const QByteArray& bytes)
{
    const Result<WorkflowDefinition> definition = readScxml(bytes);
    if (definition) {
        return QStringLiteral("(accepted)");
    }
    return definition.error().code == ErrorCode::WorkflowInvalid ? definition.error().detail : QStringLiteral("(other code)");
}

void addRefusalColumns()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("reason");
}

void refusedFile(const char* name, const QByteArray& bytes, const char* reason)
{
    QTest::newRow(name) << bytes << QString::fromUtf8(reason);
}

void refusedAt(int place, const char* content, const char* reason)
{
    refusedFile(content, with(place, QString::fromUtf8(content)), reason);
}

void verifyRefusal()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, reason);
    const QString detail = refusal(bytes);
    QVERIFY2(detail.contains(reason), qPrintable(detail));
}

} // namespace

class ScxmlReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { initResources(); }

    void readsTheFrame()
    {
        QCOMPARE(refusal(with(0, QString())), QStringLiteral("(accepted)"));
    }

    void readsEveryPart()
    {
        QByteArray bytes = with(4, QStringLiteral(" cf:money='held' cf:lane='payment' cf:label='Waiting' cf:owner='support' "
                                                 "cf:sla='60s' cf:colour='#aabbcc'"));
        bytes.replace("<onentry></onentry>",
                      "<onentry><cf:command name='payment.charge' retry='p' effect='capture'>"
                      "<cf:argument name='mode' value='sale'/></cf:command>"
                      "<send id='t' event='timeout.x' delay='1500ms' cf:from='shipped_at'/></onentry>"
                      "<onexit><cancel sendid='t'/></onexit>");
        bytes.replace("event='go' target='b'>",
                      "event='go.*' target='b' cond='paid &gt;= 10' cf:label='Go' cf:roles='a b' cf:approval='true'>");
        bytes.replace("<cf:policy name='p'/>", "<cf:policy name='p' base='2s' cap='60s' attempts='3' escalate='90s'/>");
        const Result<WorkflowDefinition> read = readScxml(bytes);
        QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->name, QStringLiteral("w"));
        QCOMPARE(read->initial, QStringLiteral("a"));
        QCOMPARE(read->data.size(), std::size_t{1});
        QCOMPARE(toString(read->data[0].type()), toString(DataType::Integer));
        const PolicyDefinition& policy = read->policies.at(0);
        QCOMPARE(policy.backoffBaseMs, 2000);
        QCOMPARE(policy.backoffCapMs, 60'000);
        QCOMPARE(policy.escalateAfterAttempts, 3);
        QCOMPARE(policy.escalateAfterMs, 90'000);
        QCOMPARE(read->states.size(), std::size_t{2});
        const StateDefinition& state = read->states[0];
        QCOMPARE(toString(state.kind), toString(StateKind::Wait));
        QCOMPARE(toString(state.money), toString(MoneyClass::Held));
        QCOMPARE(state.lane, QStringLiteral("payment"));
        QCOMPARE(state.label, QStringLiteral("Waiting"));
        QCOMPARE(state.ownerRole, QStringLiteral("support"));
        QCOMPARE(state.colour, QStringLiteral("#aabbcc"));
        QCOMPARE(state.slaSeconds, 60);
        const CommandAction command{QStringLiteral("payment.charge"), QStringLiteral("p"), CommandEffect::Capture,
                                    {{QStringLiteral("mode"), QStringLiteral("sale")}}};
        const SendAction send{QStringLiteral("t"), QStringLiteral("timeout.x"), 1500, QStringLiteral("shipped_at")};
        QVERIFY(state.onEntry == (std::vector<Action>{command, send}));
        QVERIFY(state.onExit == (std::vector<Action>{CancelAction{QStringLiteral("t")}}));
        const TransitionDefinition& transition = state.transitions.at(0);
        QCOMPARE(transition.event, QStringLiteral("go.*"));
        QCOMPARE(transition.guard, QStringLiteral("paid >= 10"));
        QCOMPARE(transition.label, QStringLiteral("Go"));
        QCOMPARE(transition.roles, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        QVERIFY(transition.requiresApproval);
        QCOMPARE(toString(read->states[1].kind), toString(StateKind::Final));
    }

    void passesOverForeignNamespacesCommentsAndLayout()
    {
        for (int place : {3, 5, 7, 8}) {
            const QByteArray bytes = with(place, QStringLiteral("<!-- c --><x:any state='1'><x:deep>text</x:deep></x:any><?pi x?>"));
            QCOMPARE(refusal(bytes), QStringLiteral("(accepted)"));
        }
        QCOMPARE(refusal(with(4, QStringLiteral(" x:anything='1'"))), QStringLiteral("(accepted)"));
        // The default namespace may be declared again inside.
        QCOMPARE(refusal(with(3, QStringLiteral("<parallel xmlns='urn:other'/>"))), QStringLiteral("(accepted)"));
    }

    void readsTheDefaultOrderWorkflow()
    {
        QFile file(QStringLiteral(":/counterfoil/workflows/order.scxml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const Result<WorkflowDefinition> order = readScxml(file.readAll());
        QVERIFY2(order.has_value(), order ? "" : qPrintable(order.error().text()));
        QCOMPARE(order->states.size(), std::size_t{14});
        QCOMPARE(order->policies.size(), std::size_t{2});
        for (const StateDefinition& state : order->states) {
            QVERIFY(!state.label.isEmpty() && !state.lane.isEmpty());
            for (const TransitionDefinition& transition : state.transitions) {
                QVERIFY(!transition.label.isEmpty());
            }
            for (const Action& action : state.onEntry) {
                if (const auto* const command = std::get_if<CommandAction>(&action)) {
                    QVERIFY2(!command->retryPolicy.isEmpty(), qPrintable(command->name));
                }
            }
        }
    }

    void refusesElementsOutsideTheProfile_data()
    {
        addRefusalColumns();
        refusedAt(3, "<parallel id='p'/>", "<parallel> is refused");
        refusedAt(8, "<history id='h'/>", "<history> is refused");
        refusedAt(8, "<invoke type='x'/>", "<invoke> is refused");
        refusedAt(8, "<initial/>", "<initial> is refused");
        refusedAt(3, "<script>1</script>", "<script> is refused");
        refusedAt(5, "<script>1</script>", "<script> is refused");
        refusedAt(5, "<assign location='paid' expr='1'/>", "<assign> is refused");
        refusedAt(5, "<raise event='x'/>", "<raise> is refused");
        refusedAt(5, "<if cond='true'/>", "<if> is refused");
        refusedAt(5, "<foreach item='i' array='a'/>", "<foreach> is refused");
        refusedAt(5, "<log expr='1'/>", "<log> is refused");
        refusedAt(8, "<state id='inner'/>", "not nested");
        refusedAt(8, "<final id='inner'/>", "not nested");
        refusedAt(8, "<datamodel/>", "does not belong");
        refusedAt(3, "<datamodel/>", "does not belong");
        refusedAt(8, "<cf:command name='x'/>", "does not belong");
        refusedAt(5, "<cf:unknown/>", "does not belong");
        refusedAt(3, "<unknown/>", "does not belong");
        refusedAt(3, "<state xmlns='' id='n'/>", "has no namespace");
        refusedAt(3, "words", "text between");
        refusedAt(7, "words", "text between");
        refusedAt(2, "<data id='x' expr='0'>1</data>", "text between");
        refusedAt(3, "<final id='c'><transition type='external' event='x' target='a'/></final>", "does not belong");
    }

    void refusesElementsOutsideTheProfile() { verifyRefusal(); }

    void refusesBadTimersAndCommands_data()
    {
        addRefusalColumns();
        refusedAt(5, "<send event='x' delay='1s'/>", "'id' is missing");
        refusedAt(5, "<send id='t' event='x'/>", "'delay' is missing");
        refusedAt(5, "<send id='t' delay='1s'/>", "'event' is missing");
        refusedAt(5, "<send id='t' event='x' delayexpr='1s'/>", "'delayexpr' is refused");
        refusedAt(5, "<send id='t' event='x' delay='1s' target='#_internal'/>", "'target' is refused");
        refusedAt(5, "<send id='t' event='x' delay='1s' namelist='paid'/>", "'namelist' is refused");
        refusedAt(5, "<send id='t' event='x' delay='1s'><param name='a'/></send>", "<param> is refused");
        refusedAt(5, "<send id='t' event='x' delay='1.5s'/>", "not a time");
        refusedAt(5, "<send id='t' event='x' delay='15'/>", "not a time");
        refusedAt(5, "<send id='t' event='x' delay='-1s'/>", "not a time");
        refusedAt(5, "<send id='t' event='x' delay='1m'/>", "not a time");
        refusedAt(5, "<send id='t' event='x' delay='99999999999s'/>", "not a time");
        refusedAt(5, "<send id='t' event='x.*' delay='1s'/>", "timer 't'");
        refusedAt(5, "<send id='t' event='x' delay='1s' cf:from='a b'/>", "timer 't'");
        refusedAt(5, "<cancel/>", "'sendid' is missing");
        refusedAt(5, "<cancel sendid='nothing'/>", "unknown timer");
        refusedAt(5, "<cancel sendidexpr='1'/>", "'sendidexpr' is refused");
        refusedAt(5, "<cf:command/>", "'name' is missing");
        refusedAt(5, "<cf:command name='x' retry='nobody'/>", "unknown policy");
        refusedAt(5, "<cf:command name='x' effect='steal'/>", "is no effect");
        refusedAt(5, "<cf:command name='x' colour='red'/>", "not part of the profile");
        refusedAt(5, "<cf:command name='1 x'/>", "name of a command");
    }

    void refusesBadTimersAndCommands() { verifyRefusal(); }

    void refusesBadDeclarationsStatesAndTransitions_data()
    {
        addRefusalColumns();
        refusedAt(1, " binding='late'", "not part of the profile");
        refusedAt(2, "<data id='x'/>", "'expr' is missing");
        refusedAt(2, "<data id='x' expr='1 + 1'/>", "is expected");
        refusedAt(2, "<data id='x' src='file:/etc/passwd'/>", "'src' is refused");
        refusedAt(2, "<data id='paid' expr='0'/>", "declared twice");
        refusedAt(2, "<data id='class' expr='0'/>", "name of a fact");
        refusedAt(3, "<cf:policy name='p'/>", "two policies");
        refusedAt(3, "<cf:policy name='q' base='10s' cap='1s'/>", "base <= cap");
        refusedAt(3, "<cf:policy name='q' attempts='0'/>", "not a count");
        refusedAt(3, "<state id='a'/>", "two states have the id 'a'");
        refusedAt(3, "<state/>", "'id' is missing");
        refusedAt(3, "<state id='two words'/>", "id of a state");
        refusedAt(3, "<final id='c' cf:kind='wait'/>", "go together");
        refusedAt(3, "<state id='c' cf:kind='final'/>", "go together");
        refusedAt(3, "<state id='c' cf:kind='sleepy'/>", "no kind of state");
        refusedAt(4, " cf:money='lost'", "no money class");
        refusedAt(4, " cf:sla='1500ms'", "whole seconds");
        refusedAt(4, " cf:colour='red'", "not a colour");
        refusedAt(4, " cf:unknown='1'", "not part of the profile");
        refusedAt(4, " unknown='1'", "not part of the profile");
        refusedAt(4, " initial='b'", "'initial' is refused");
        refusedAt(6, " cond='missing == 1'", "'missing' is not declared");
        refusedAt(6, " cond='paid'", "not boolean");
        refusedAt(6, " cond=\"In('nowhere')\"", "names no state");
        refusedAt(6, " cf:approval='maybe'", "neither true nor false");
        refusedAt(6, " cf:roles='a a'", "twice");
        refusedAt(8, "<transition type='external' target='b'/>", "'event' is missing");
        refusedAt(8, "<transition type='external' event='x'/>", "'target' is missing");
        refusedAt(8, "<transition event='x' target='b'/>", "type=\"external\" must be written out");
        refusedAt(8, "<transition type='internal' event='x' target='b'/>", "type=\"external\" must be written out");
        refusedAt(8, "<transition type='external' event='x' target='a b'/>", "several targets");
        refusedAt(8, "<transition type='external' event='x' target='c'/>", "'c' does not exist");
        refusedAt(8, "<transition type='external' event='x y' target='b'/>", "not one event");
        refusedAt(8, "<transition type='external' event='x..y' target='b'/>", "not one event");
        refusedAt(8, "<transition type='external' event='x*' target='b'/>", "not one event");
    }

    void refusesBadDeclarationsStatesAndTransitions() { verifyRefusal(); }

    void refusesWhatIsNoWorkflowFile_data()
    {
        addRefusalColumns();
        refusedFile("no initial", replaced(" initial='a'", ""), "'initial' is missing");
        refusedFile("unknown initial", replaced("initial='a'", "initial='z'"), "'z' does not exist");
        refusedFile("no version", replaced(" version='1.0' name", " name"), "version=\"1.0\"");
        refusedFile("no datamodel", replaced(" datamodel='ecmascript'", " "), "datamodel=\"ecmascript\"");
        refusedFile("null datamodel", replaced("'ecmascript'", "'null'"), "datamodel=\"ecmascript\"");
        refusedFile("no name", replaced(" name='w'", ""), "'name' is missing");
        refusedFile("other root", "<a xmlns='urn:x'/>", "root element");
        refusedFile("other namespace", replaced("2005/07/scxml", "2005/08/scxml"), "root element");
        refusedFile("empty", "", "line");
        refusedFile("cut off", with(0, QString()).chopped(20), "line");
        refusedFile("two roots", with(0, QString()) + "<a/>", "line");
        refusedFile("not XML", "hello", "line 1");
        refusedFile("undefined entity", with(3, QStringLiteral("&nope;")), "line");
        refusedFile("doctype", replaced("<scxml", "<!DOCTYPE scxml [<!ENTITY a 'b'>]>\n<scxml"), "DOCTYPE");
        refusedFile("not UTF-8", with(0, QString()) + "\xff", "not UTF-8");
        refusedFile("NUL", with(0, QString()) + QByteArray(1, '\0'), "not UTF-8");
        refusedFile("UTF-16", QByteArray("\xff\xfe<\0", 4), "not UTF-8");
    }

    void refusesWhatIsNoWorkflowFile() { verifyRefusal(); }

    void saysTheLine()
    {
        QVERIFY(refusal(with(7, QStringLiteral("<script/>"))).startsWith(QLatin1String("line 7: ")));
        QVERIFY(refusal(with(6, QStringLiteral(" cond='nobody'"))).startsWith(QLatin1String("line 7: ")));
    }

    void boundsSizeDepthAndStates()
    {
        const QByteArray good = with(0, QString());
        QCOMPARE(refusal(good + QByteArray(workflowBytesMax - good.size(), '\n')), QStringLiteral("(accepted)"));
        QVERIFY(refusal(good + QByteArray(workflowBytesMax - good.size() + 1, '\n')).contains(QLatin1String("larger than")));

        const auto nested = [](int depth) {
            return with(3, QStringLiteral("<x:y>").repeated(depth) + QStringLiteral("</x:y>").repeated(depth));
        };
        QCOMPARE(refusal(nested(workflowDepthMax - 1)), QStringLiteral("(accepted)"));
        QVERIFY(refusal(nested(workflowDepthMax)).contains(QLatin1String("deeper than 64")));

        const auto many = [](int count) {
            QString states;
            for (int i = 0; i < count; ++i) {
                states += QStringLiteral("<state id='s%1'/>").arg(i);
            }
            return with(3, states);
        };
        QCOMPARE(refusal(many(498)), QStringLiteral("(accepted)"));
        QVERIFY(refusal(many(499)).contains(QLatin1String("more than 500 states")));
    }

    void boundsAttributesAndNamespaces()
    {
        const auto attributes = [](int count) {
            QString tag = QStringLiteral("<x:y");
            for (int i = 0; i < count; ++i) {
                tag += QStringLiteral(" a%1='='").arg(i);
            }
            return with(3, tag + QStringLiteral("/>"));
        };
        QCOMPARE(refusal(attributes(1000)), QStringLiteral("(accepted)"));
        QVERIFY(refusal(attributes(1001)).contains(QLatin1String("a tag with more than 2000 attributes")));

        const auto namespaces = [](int count) {
            QString tag = QStringLiteral("<x:y");
            for (int i = 0; i < count; ++i) {
                tag += QStringLiteral(" xmlns:n%1='urn:%1'").arg(i);
            }
            return with(3, tag + QStringLiteral("/>"));
        };
        QCOMPARE(refusal(namespaces(200)), QStringLiteral("(accepted)"));
        QVERIFY(refusal(namespaces(257)).contains(QLatin1String("more than 256 namespaces")));
    }

    void keepsTheWordsOfEveryEnum()
    {
        for (const StateKind kind : {StateKind::Auto, StateKind::Wait, StateKind::Manual, StateKind::Final, StateKind::Rest}) {
            QVERIFY(parseStateKind(toString(kind)).value() == kind);
        }
        for (const MoneyClass money : {MoneyClass::None, MoneyClass::Held, MoneyClass::Captured, MoneyClass::Refunded}) {
            QVERIFY(parseMoneyClass(toString(money)).value() == money);
        }
        for (const CommandEffect effect : {CommandEffect::None, CommandEffect::Hold, CommandEffect::Capture,
                                           CommandEffect::Release, CommandEffect::Refund}) {
            QVERIFY(parseCommandEffect(toString(effect)).value() == effect);
        }
        QCOMPARE(toString(parseStateKind(u"").error().code), toString(ErrorCode::UnknownValue));
        QCOMPARE(toString(parseMoneyClass(u"Held").error().code), toString(ErrorCode::UnknownValue));
    }
};

QTEST_GUILESS_MAIN(ScxmlReaderTest)
#include "tst_scxml_reader.moc"
