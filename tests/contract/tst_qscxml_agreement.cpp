// SPDX-License-Identifier: GPL-3.0-or-later
// QtScxml as a second opinion on what a workflow file means: it loads what we load and goes where we go.
#include "resources/resources.h"
#include "workflows/definition/scxml_reader.h"
#include "workflows/engine/step.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QScxmlDataModel>
#include <QScxmlError>
#include <QScxmlStateMachine>
#include <QTest>

using namespace counterfoil;

namespace {

constexpr int sequenceLengthMax = 30;

/// One QtScxml machine, driven in lock step: everything it does, it does in posted events, and those are sent at once. The
/// event loop never runs, so that delayed sends never fire.
class Machine {
public:
    explicit Machine(const QByteArray& scxml)
    {
        QBuffer buffer;
        buffer.setData(scxml);
        buffer.open(QIODevice::ReadOnly);
        m_machine.reset(QScxmlStateMachine::fromData(&buffer));
    }

    /// To be asked before anything else: a machine with errors must not be touched.
    QStringList errors() const
    {
        QStringList list;
        for (const QScxmlError& error : m_machine->parseErrors()) {
            list.append(error.toString());
        }
        return list;
    }

    void begin()
    {
        m_machine->init();
        m_machine->start();
        settle();
    }

    void set(const QString& name, const FactValue& value)
    {
        const QVariant variant = std::visit([](const auto& typed) { return QVariant::fromValue(typed); }, value);
        require(m_machine->dataModel()->setScxmlProperty(name, variant, QStringLiteral("test")), "the fact is declared");
    }

    void submit(const QString& event)
    {
        m_machine->submitEvent(event);
        settle();
    }

    bool isRunning() const { return m_machine->isRunning(); }
    QStringList active() const { return m_machine->activeStateNames(true); }

private:
    void settle() { QCoreApplication::sendPostedEvents(); }

    std::unique_ptr<QScxmlStateMachine> m_machine;
};

/// Random values for the declared facts, often such that guards of the file can hold.
Facts randomFacts(QRandomGenerator& random, const WorkflowDefinition& definition, const QStringList& texts)
{
    Facts facts;
    for (const DataDeclaration& entry : definition.data) {
        switch (entry.type()) {
        case DataType::Integer:
            facts.set(entry.name, static_cast<qint64>(random.bounded(-3, 12)));
            break;
        case DataType::Text:
            facts.set(entry.name, texts[random.bounded(texts.size())]);
            break;
        case DataType::Boolean:
            facts.set(entry.name, random.bounded(2) == 1);
            break;
        }
    }
    return facts;
}

/// Mostly what the state accepts, sometimes anything.
QString randomEvent(QRandomGenerator& random, const WorkflowTable& table, const QString& state, const QStringList& others)
{
    const QStringList accepted = table.eventsAccepted(state);
    QString event = accepted.isEmpty() || random.bounded(4) == 0 ? others[random.bounded(others.size())]
                                                                 : accepted[random.bounded(accepted.size())];
    if (event.endsWith(QLatin1String("*"))) {
        event = others[random.bounded(others.size())];
    }
    return random.bounded(10) == 0 ? event + QStringLiteral(".more") : event;
}

struct Walks {
    int sequences = 0;
    int events = 0;
    int accepted = 0;
    QSet<QString> statesSeen;
};

/// Empty if both agreed all along, otherwise where they parted.
QString walk(const QByteArray& scxml, const WorkflowTable& table, const QStringList& texts, QRandomGenerator& random, Walks& walks)
{
    QStringList others{QStringLiteral("nothing"), QStringLiteral("pay"), QStringLiteral("payment")};
    for (const StateDefinition& state : table.definition().states) {
        others.append(table.eventsAccepted(state.id));
    }
    others.removeAll(QStringLiteral("*"));
    others.replaceInStrings(QStringLiteral(".*"), QString());

    Machine machine(scxml);
    if (const QStringList errors = machine.errors(); !errors.isEmpty()) {
        return errors.join(u'\n');
    }
    machine.begin();
    QString state = start(table, Facts()).value().nextState;
    QString path = state;
    const int length = random.bounded(1, sequenceLengthMax + 1);
    for (int i = 0; i < length; ++i) {
        const Facts facts = randomFacts(random, table.definition(), texts);
        const QString event = randomEvent(random, table, state, others);
        const StepResult ours = step(table, state, event, facts).value();
        state = ours.nextState;
        path += QStringLiteral(" -%1-> %2").arg(event, state);
        for (const auto& [name, value] : facts.all()) {
            machine.set(name, value);
        }
        machine.submit(event);
        if (machine.active() != QStringList{state}) {
            return QStringLiteral("%1, but QtScxml is in '%2'").arg(path, machine.active().join(u' '));
        }
        ++walks.events;
        walks.accepted += ours.accepted ? 1 : 0;
        walks.statesSeen.insert(state);
        // In a final state the interpreter ends; ours takes no event there either.
        if (table.findState(state)->kind == StateKind::Final) {
            break;
        }
    }
    ++walks.sequences;
    return {};
}

// What the order workflow doesn't use: prefixes, wildcards, In(), sums, self-loops, overlapping guards.
const char* const crooked =
    "<scxml xmlns='http://www.w3.org/2005/07/scxml' xmlns:cf='urn:counterfoil:workflow:1' version='1.0' name='crooked' initial='a' datamodel='ecmascript'>\n"
    "<datamodel><data id=\"n\" expr=\"0\"/><data id=\"m\" expr=\"-1\"/><data id=\"word\" expr=\"'x'\"/><data id=\"flag\" expr=\"true\"/></datamodel>\n"
    "<state id='a'>\n"
    "  <transition type='external' event='payment.late' cond='n * 2 - m &gt; 7 || !flag' target='b'/>\n"
    "  <transition type='external' event='payment' cond='(n + m) * -2 &lt;= 4 &amp;&amp; flag === true' target='c'/>\n"
    "  <transition type=\"external\" event=\"refund.*\" cond=\"word != &quot;it's&quot;\" target=\"a\"/>\n"
    "  <transition type=\"external\" event=\"*\" cond=\"In('a') &amp;&amp; n == m\" target=\"c\"/>\n"
    "</state>\n"
    "<state id='b'>\n"
    "  <onentry><send id='t' event='timeout.b' delay='1ms'/></onentry>\n"
    "  <transition type=\"external\" event=\"timeout.b\" cond=\"In('a') || word == 'it\\'s'\" target=\"a\"/>\n"
    "  <transition type='external' event='payment' cond='n &lt; m == flag' target='c'/>\n"
    "  <transition type='external' event='payment' cond='n &gt;= m !== flag' target='a'/>\n"
    "</state>\n"
    "<state id='c'>\n"
    "  <transition type='external' event='refund' cond='- -n &gt; 10 - 4 - 3' target='b'/>\n"
    "  <transition type='external' event='refund.ok' target='c'/>\n"
    "  <transition type='external' event='*' cond='true || false &amp;&amp; false' target='a'/>\n"
    "</state>\n"
    "</scxml>\n";

} // namespace

class QScxmlAgreementTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { initResources(); }

    void goesWhereQtScxmlGoes_data()
    {
        QTest::addColumn<QByteArray>("scxml");
        QTest::addColumn<QStringList>("texts");
        QTest::addColumn<int>("sequences");
        QFile file(QStringLiteral(":/counterfoil/workflows/order.scxml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QTest::newRow("order") << file.readAll()
                               << QStringLiteral(",buyer,declined,expired,other").split(u',') << 10'000;
        QTest::newRow("crooked") << QByteArray(crooked) << QStringLiteral("x,it's,").split(u',') << 2'000;
    }

    void goesWhereQtScxmlGoes()
    {
        QFETCH(QByteArray, scxml);
        QFETCH(QStringList, texts);
        QFETCH(int, sequences);
        const Result<WorkflowDefinition> definition = readScxml(scxml);
        QVERIFY2(definition.has_value(), definition ? "" : qPrintable(definition.error().text()));
        const WorkflowTable table = WorkflowTable::compile(*definition).value();
        QRandomGenerator random(20'240'607);
        QElapsedTimer timer;
        timer.start();
        Walks walks;
        for (int i = 0; i < sequences; ++i) {
            const QString parted = walk(scxml, table, texts, random, walks);
            QVERIFY2(parted.isEmpty(), qPrintable(parted));
        }
        qInfo("%d sequences, %d events, %d accepted, %lld states seen, %lld ms", walks.sequences, walks.events, walks.accepted,
              static_cast<long long>(walks.statesSeen.size()), static_cast<long long>(timer.elapsed()));
        QCOMPARE(walks.sequences, sequences);
        // Both agreeing on doing nothing would prove little.
        QVERIFY(walks.accepted * 3 > walks.events);
        QVERIFY(static_cast<std::size_t>(walks.statesSeen.size()) + 1 >= table.stateCount());
    }

    void isTheOneToNoticeABrokenFile()
    {
        QByteArray broken(crooked);
        broken.replace("target='b'", "target='nowhere'");
        QVERIFY(!readScxml(broken).has_value());
        QVERIFY(!Machine(broken).errors().isEmpty());
    }

    void wouldNoticeADifference()
    {
        QByteArray other(crooked);
        other.replace("event='refund.ok' target='c'", "event='refund.ok' target='b'");
        const WorkflowTable table = WorkflowTable::compile(readScxml(other).value()).value();
        QRandomGenerator random(1);
        Walks walks;
        bool noticed = false;
        for (int i = 0; i < 300 && !noticed; ++i) {
            noticed = !walk(QByteArray(crooked), table, {QStringLiteral("x")}, random, walks).isEmpty();
        }
        QVERIFY(noticed);
    }
};

QTEST_GUILESS_MAIN(QScxmlAgreementTest)
#include "tst_qscxml_agreement.moc"
