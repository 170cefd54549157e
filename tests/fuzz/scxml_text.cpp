// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/scxml_text.h"

#include "workflows/definition/scxml_attributes.h"

#include <QXmlStreamWriter>

namespace counterfoil {

namespace {

class Printer {
public:
    explicit Printer(QByteArray& out) : m_xml(&out) {}

    void print(const WorkflowDefinition& definition)
    {
        m_xml.writeStartDocument();
        m_xml.writeDefaultNamespace(m_scxml);
        m_xml.writeNamespace(m_ours, QStringLiteral("cf"));
        m_xml.writeStartElement(m_scxml, QStringLiteral("scxml"));
        plain("version", QStringLiteral("1.0"));
        plain("datamodel", QStringLiteral("ecmascript"));
        plain("name", definition.name);
        plain("initial", definition.initial);
        m_xml.writeStartElement(m_scxml, QStringLiteral("datamodel"));
        for (const DataDeclaration& entry : definition.data) {
            m_xml.writeEmptyElement(m_scxml, QStringLiteral("data"));
            plain("id", entry.name);
            plain("expr", literal(entry.defaultValue));
        }
        m_xml.writeEndElement();
        for (const PolicyDefinition& policy : definition.policies) {
            m_xml.writeEmptyElement(m_ours, QStringLiteral("policy"));
            plain("name", policy.name);
            plain("base", milliseconds(policy.backoffBaseMs));
            plain("cap", milliseconds(policy.backoffCapMs));
            plain("attempts", QString::number(policy.escalateAfterAttempts));
            plain("escalate", milliseconds(policy.escalateAfterMs));
        }
        for (const StateDefinition& state : definition.states) {
            printState(state);
        }
        m_xml.writeEndElement();
        m_xml.writeEndDocument();
    }

private:
    static QString milliseconds(qint64 value) { return QString::number(value) + QStringLiteral("ms"); }

    static QString literal(const FactValue& value)
    {
        if (const auto* const text = std::get_if<QString>(&value)) {
            QString inner = *text;
            return u'"' + inner.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\"")) + u'"';
        }
        if (const auto* const flag = std::get_if<bool>(&value)) {
            return *flag ? QStringLiteral("true") : QStringLiteral("false");
        }
        return QString::number(std::get<qint64>(value));
    }

    void plain(const char* name, const QString& value) { m_xml.writeAttribute(QLatin1String(name), value); }
    void ours(const char* name, const QString& value) { m_xml.writeAttribute(m_ours, QLatin1String(name), value); }

    void printState(const StateDefinition& state)
    {
        const bool isFinal = state.kind == StateKind::Final;
        m_xml.writeStartElement(m_scxml, isFinal ? QStringLiteral("final") : QStringLiteral("state"));
        plain("id", state.id);
        ours("kind", toString(state.kind));
        ours("money", toString(state.money));
        ours("lane", state.lane);
        ours("label", state.label);
        if (!state.colour.isEmpty()) {
            ours("colour", state.colour);
        }
        ours("owner", state.ownerRole);
        ours("sla", QString::number(state.slaSeconds) + u's');
        printActions("onentry", state.onEntry);
        if (!isFinal) {
            printActions("onexit", state.onExit);
        }
        for (const TransitionDefinition& transition : state.transitions) {
            m_xml.writeStartElement(m_scxml, QStringLiteral("transition"));
            plain("type", QStringLiteral("external"));
            plain("event", transition.event);
            plain("target", transition.target);
            plain("cond", transition.guard);
            ours("label", transition.label);
            ours("roles", transition.roles.join(u' '));
            ours("approval", transition.requiresApproval ? QStringLiteral("true") : QStringLiteral("false"));
            printActions(transition.actions);
            m_xml.writeEndElement();
        }
        m_xml.writeEndElement();
    }

    void printActions(const char* element, const std::vector<Action>& actions)
    {
        m_xml.writeStartElement(m_scxml, QLatin1String(element));
        printActions(actions);
        m_xml.writeEndElement();
    }

    void printActions(const std::vector<Action>& actions)
    {
        for (const Action& action : actions) {
            if (const auto* const command = std::get_if<CommandAction>(&action)) {
                m_xml.writeStartElement(m_ours, QStringLiteral("command"));
                plain("name", command->name);
                plain("retry", command->retryPolicy);
                plain("effect", toString(command->effect));
                for (const CommandArgument& argument : command->arguments) {
                    m_xml.writeEmptyElement(m_ours, QStringLiteral("argument"));
                    plain("name", argument.name);
                    plain("value", argument.value);
                }
                m_xml.writeEndElement();
            } else if (const auto* const send = std::get_if<SendAction>(&action)) {
                m_xml.writeEmptyElement(m_scxml, QStringLiteral("send"));
                plain("id", send->id);
                plain("event", send->event);
                plain("delay", milliseconds(send->delayMs));
                ours("from", send->from);
            } else {
                m_xml.writeEmptyElement(m_scxml, QStringLiteral("cancel"));
                plain("sendid", std::get<CancelAction>(action).sendId);
            }
        }
    }

    const QString m_scxml = QLatin1String(scxmlNamespace);
    const QString m_ours = QLatin1String(workflowNamespace);
    QXmlStreamWriter m_xml;
};

} // namespace

QByteArray scxmlText(const WorkflowDefinition& definition)
{
    QByteArray text;
    Printer(text).print(definition);
    return text;
}

WorkflowDefinition withoutLines(WorkflowDefinition definition)
{
    for (DataDeclaration& entry : definition.data) {
        entry.line = 0;
    }
    for (PolicyDefinition& policy : definition.policies) {
        policy.line = 0;
    }
    for (StateDefinition& state : definition.states) {
        state.line = 0;
        for (TransitionDefinition& transition : state.transitions) {
            transition.line = 0;
        }
    }
    return definition;
}

} // namespace counterfoil
