// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/scxml_reader.h"

#include "models/base/text.h"
#include "workflows/definition/definition_check.h"
#include "workflows/definition/guard_lexer.h"
#include "workflows/definition/scxml_attributes.h"

#include <QXmlStreamReader>

#include <array>

namespace counterfoil {

namespace {

constexpr int labelLengthMax = 200;
// QXmlStreamReader compares every attribute of a tag with every other, and looks prefixes up in all declarations: without limits
// a file of a megabyte takes minutes.
constexpr int attributesMax = 2000;
constexpr qsizetype namespacesMax = 256;

struct Refusal {
    const char* element;
    const char* reason;
};

// What SCXML has and the profile doesn't.
constexpr std::array refusals{
    Refusal{"parallel", "an order is in one state at a time"},
    Refusal{"history", "an order's states have no inner states to come back to"},
    Refusal{"initial", "the initial state is an attribute of scxml"},
    Refusal{"invoke", "a workflow asks services by cf:command"},
    Refusal{"finalize", "a workflow asks services by cf:command"},
    Refusal{"script", "a workflow contains no program"},
    Refusal{"assign", "facts belong to the order and are not set by the workflow"},
    Refusal{"raise", "events come from services, people and timers"},
    Refusal{"if", "choices are guards on transitions"},
    Refusal{"elseif", "choices are guards on transitions"},
    Refusal{"else", "choices are guards on transitions"},
    Refusal{"foreach", "a workflow contains no loops"},
    Refusal{"log", "the engine records every step itself"},
    Refusal{"param", "events carry no data of the workflow's"},
    Refusal{"content", "events carry no data of the workflow's"},
    Refusal{"donedata", "a final state returns nothing"},
};

std::unexpected<Error> refusedAtLine(qint64 line, const QString& reason)
{
    return fail(ErrorCode::WorkflowInvalid, QStringLiteral("line %1: %2").arg(line).arg(reason));
}

/// Counts without parsing, so that more than tags may be counted: no '<' stands inside a tag, and every attribute has a '='.
Result<void> checkTags(QStringView text)
{
    if (text.count(QLatin1String("xmlns")) > namespacesMax) {
        return refusedAtLine(1, QStringLiteral("more than %1 namespaces are declared").arg(namespacesMax));
    }
    int attributes = 0;
    qint64 line = 1;
    for (const QChar c : text) {
        attributes = c == u'<' ? 0 : c == u'=' ? attributes + 1 : attributes;
        line += c == u'\n' ? 1 : 0;
        if (attributes > attributesMax) {
            return refusedAtLine(line, QStringLiteral("a tag with more than %1 attributes").arg(attributesMax));
        }
    }
    return {};
}

class Reader {
public:
    explicit Reader(const QString& text) : m_xml(text) {}

    Result<WorkflowDefinition> read()
    {
        CF_ASSIGN(const bool found, nextChild());
        if (!found || !isScxml("scxml")) {
            return refuse(QStringLiteral("the root element is not scxml of %1").arg(QLatin1String(scxmlNamespace)));
        }
        CF_TRY(readRoot());
        CF_ASSIGN(const bool more, nextChild());
        if (more || m_xml.hasError()) {
            return refuse(QStringLiteral("something follows the end"));
        }
        return std::move(m_definition);
    }

private:
    std::unexpected<Error> refuse(const QString& reason) const { return refusedAtLine(m_xml.lineNumber(), reason); }

    /// Adds the line to an error that has none.
    template<class T>
    Result<T> here(Result<T> result) const
    {
        return result ? std::move(result) : Result<T>(refuse(result.error().detail));
    }

    bool isScxml(const char* name) const
    {
        return m_xml.namespaceUri() == QLatin1String(scxmlNamespace) && m_xml.name() == QLatin1String(name);
    }

    bool isOurs(const char* name) const
    {
        return m_xml.namespaceUri() == QLatin1String(workflowNamespace) && m_xml.name() == QLatin1String(name);
    }

    int line() const { return static_cast<int>(m_xml.lineNumber()); }

    /// Goes to the next child that is not foreign: true. At the end of the current element, or of the document: false.
    Result<bool> nextChild()
    {
        for (;;) {
            switch (m_xml.readNext()) {
            case QXmlStreamReader::StartElement:
                if (++m_depth > workflowDepthMax) {
                    return refuse(QStringLiteral("elements are nested deeper than %1").arg(workflowDepthMax));
                }
                if (m_xml.namespaceUri() == QLatin1String(scxmlNamespace)
                    || m_xml.namespaceUri() == QLatin1String(workflowNamespace)) {
                    return true;
                }
                if (m_xml.namespaceUri().isEmpty()) {
                    return refuse(QStringLiteral("<%1> has no namespace").arg(m_xml.name()));
                }
                CF_TRY(skipForeign());
                break;
            case QXmlStreamReader::EndElement:
                --m_depth;
                return false;
            case QXmlStreamReader::EndDocument:
                return false;
            case QXmlStreamReader::Characters:
                if (!m_xml.isWhitespace()) {
                    return refuse(QStringLiteral("text between the elements"));
                }
                break;
            case QXmlStreamReader::DTD:
                return refuse(QStringLiteral("DOCTYPE is refused: a workflow declares no entities"));
            case QXmlStreamReader::EntityReference:
                return refuse(QStringLiteral("entity '%1' is not defined").arg(m_xml.name()));
            case QXmlStreamReader::Invalid:
                return refuse(m_xml.errorString());
            default:
                break;
            }
        }
    }

    Result<void> skipForeign()
    {
        const int outside = m_depth - 1;
        while (m_depth > outside) {
            switch (m_xml.readNext()) {
            case QXmlStreamReader::StartElement:
                if (++m_depth > workflowDepthMax) {
                    return refuse(QStringLiteral("elements are nested deeper than %1").arg(workflowDepthMax));
                }
                break;
            case QXmlStreamReader::EndElement:
                --m_depth;
                break;
            case QXmlStreamReader::Invalid:
                return refuse(m_xml.errorString());
            default:
                break;
            }
        }
        return {};
    }

    std::unexpected<Error> refuseElement(const char* parent) const
    {
        for (const Refusal& entry : refusals) {
            if (isScxml(entry.element)) {
                return refuse(QStringLiteral("<%1> is refused: %2")
                                  .arg(QLatin1String(entry.element), QLatin1String(entry.reason)));
            }
        }
        if (isScxml("state") || isScxml("final")) {
            return refuse(QStringLiteral("<%1> inside <%2> is refused: states are not nested, grouping is a lane")
                              .arg(m_xml.name(), QLatin1String(parent)));
        }
        return refuse(QStringLiteral("<%1> does not belong inside <%2>").arg(m_xml.qualifiedName(), QLatin1String(parent)));
    }

    Result<void> needEmpty(const char* element)
    {
        CF_ASSIGN(const bool child, nextChild());
        if (child) {
            return refuseElement(element);
        }
        return {};
    }

    Result<QString> label(std::optional<QString> text) const
    {
        return here(parseOptionalLine(text.value_or(QString()), labelLengthMax, "label"));
    }

    Result<void> readRoot()
    {
        ScxmlAttributes attributes(m_xml.attributes());
        CF_TRY(here(attributes.needValue("version", QLatin1String("1.0"), "it is the only version of SCXML")));
        CF_TRY(here(attributes.needValue("datamodel", QLatin1String("ecmascript"), "guards are written in a part of it")));
        CF_ASSIGN(m_definition.name, here(attributes.need("name")));
        CF_ASSIGN(m_definition.initial, here(attributes.need("initial")));
        CF_TRY(here(attributes.finish()));
        bool dataSeen = false;
        for (;;) {
            CF_ASSIGN(const bool child, nextChild());
            if (!child) {
                return {};
            }
            if (isScxml("state")) {
                CF_TRY(readState(false));
            } else if (isScxml("final")) {
                CF_TRY(readState(true));
            } else if (isScxml("datamodel") && !dataSeen) {
                dataSeen = true;
                CF_TRY(readData());
            } else if (isOurs("policy")) {
                CF_TRY(readPolicy());
            } else {
                return refuseElement("scxml");
            }
        }
    }

    Result<void> readData()
    {
        CF_TRY(here(ScxmlAttributes(m_xml.attributes()).finish()));
        for (;;) {
            CF_ASSIGN(const bool child, nextChild());
            if (!child) {
                return {};
            }
            if (!isScxml("data")) {
                return refuseElement("datamodel");
            }
            ScxmlAttributes attributes(m_xml.attributes());
            DataDeclaration entry;
            entry.line = line();
            CF_TRY(here(attributes.refuse("src", "a workflow is one file")));
            CF_ASSIGN(entry.name, here(attributes.need("id")));
            CF_ASSIGN(const QString literal, here(attributes.need("expr")));
            CF_ASSIGN(entry.defaultValue, here(parseLiteral(literal)));
            CF_TRY(here(attributes.finish()));
            CF_TRY(needEmpty("data"));
            m_definition.data.push_back(std::move(entry));
        }
    }

    Result<void> readPolicy()
    {
        ScxmlAttributes attributes(m_xml.attributes());
        PolicyDefinition policy;
        policy.line = line();
        CF_ASSIGN(policy.name, here(attributes.need("name")));
        if (const auto text = attributes.take("base")) {
            CF_ASSIGN(policy.backoffBaseMs, here(parseDelay(*text)));
        }
        if (const auto text = attributes.take("cap")) {
            CF_ASSIGN(policy.backoffCapMs, here(parseDelay(*text)));
        }
        if (const auto text = attributes.take("attempts")) {
            CF_ASSIGN(policy.escalateAfterAttempts, here(parseCount(*text)));
        }
        if (const auto text = attributes.take("escalate")) {
            CF_ASSIGN(policy.escalateAfterMs, here(parseDelay(*text)));
        }
        CF_TRY(here(attributes.finish()));
        CF_TRY(needEmpty("cf:policy"));
        m_definition.policies.push_back(std::move(policy));
        return {};
    }

    Result<StateDefinition> readStateAttributes(bool isFinal)
    {
        ScxmlAttributes attributes(m_xml.attributes());
        StateDefinition state;
        state.line = line();
        CF_TRY(here(attributes.refuse("initial", "states are not nested")));
        CF_ASSIGN(state.id, here(attributes.need("id")));
        state.kind = isFinal ? StateKind::Final : StateKind::Auto;
        if (const auto text = attributes.takeOurs("kind")) {
            CF_ASSIGN(state.kind, here(parseStateKind(*text)));
            if ((state.kind == StateKind::Final) != isFinal) {
                return refuse(QStringLiteral("cf:kind=\"final\" and <final> go together"));
            }
        }
        if (const auto text = attributes.takeOurs("money")) {
            CF_ASSIGN(state.money, here(parseMoneyClass(*text)));
        }
        if (const auto text = attributes.takeOurs("colour")) {
            CF_ASSIGN(state.colour, here(parseColour(*text)));
        }
        if (const auto text = attributes.takeOurs("sla")) {
            CF_ASSIGN(const qint64 slaMs, here(parseDelay(*text)));
            if (slaMs % 1000 != 0) {
                return refuse(QStringLiteral("cf:sla is in whole seconds"));
            }
            state.slaSeconds = slaMs / 1000;
        }
        CF_ASSIGN(state.lane, label(attributes.takeOurs("lane")));
        CF_ASSIGN(state.label, label(attributes.takeOurs("label")));
        CF_ASSIGN(state.ownerRole, label(attributes.takeOurs("owner")));
        CF_TRY(here(attributes.finish()));
        return state;
    }

    Result<void> readState(bool isFinal)
    {
        if (m_definition.states.size() == workflowStatesMax) {
            return refuse(QStringLiteral("more than %1 states").arg(workflowStatesMax));
        }
        CF_ASSIGN(StateDefinition state, readStateAttributes(isFinal));
        for (;;) {
            CF_ASSIGN(const bool child, nextChild());
            if (!child) {
                break;
            }
            if (isScxml("onentry")) {
                CF_TRY(here(ScxmlAttributes(m_xml.attributes()).finish()));
                CF_TRY(readActions(state.onEntry, "onentry"));
            } else if (isScxml("onexit") && !isFinal) {
                CF_TRY(here(ScxmlAttributes(m_xml.attributes()).finish()));
                CF_TRY(readActions(state.onExit, "onexit"));
            } else if (isScxml("transition") && !isFinal) {
                CF_TRY(readTransition(state));
            } else {
                return refuseElement(isFinal ? "final" : "state");
            }
        }
        m_definition.states.push_back(std::move(state));
        return {};
    }

    Result<void> readTransition(StateDefinition& state)
    {
        ScxmlAttributes attributes(m_xml.attributes());
        TransitionDefinition transition;
        transition.line = line();
        CF_TRY(here(attributes.needValue("type", QLatin1String("external"), "a step leaves its state and enters the next")));
        CF_ASSIGN(transition.event, here(attributes.need("event")));
        CF_ASSIGN(transition.target, here(attributes.need("target")));
        if (transition.target.contains(u' ')) {
            return refuse(QStringLiteral("several targets ('%1') are refused: an order is in one state at a time")
                              .arg(transition.target));
        }
        transition.guard = attributes.take("cond").value_or(QString());
        CF_ASSIGN(transition.label, label(attributes.takeOurs("label")));
        if (const auto text = attributes.takeOurs("roles")) {
            CF_ASSIGN(transition.roles, here(parseNames(*text)));
        }
        if (const auto text = attributes.takeOurs("approval")) {
            CF_ASSIGN(transition.requiresApproval, here(parseYesNo(*text)));
        }
        CF_TRY(here(attributes.finish()));
        CF_TRY(readActions(transition.actions, "transition"));
        state.transitions.push_back(std::move(transition));
        return {};
    }

    Result<void> readActions(std::vector<Action>& actions, const char* parent)
    {
        for (;;) {
            CF_ASSIGN(const bool child, nextChild());
            if (!child) {
                return {};
            }
            if (isScxml("send")) {
                CF_ASSIGN(SendAction send, readSend());
                actions.emplace_back(std::move(send));
            } else if (isScxml("cancel")) {
                CF_ASSIGN(CancelAction cancel, readCancel());
                actions.emplace_back(std::move(cancel));
            } else if (isOurs("command")) {
                CF_ASSIGN(CommandAction command, readCommand());
                actions.emplace_back(std::move(command));
            } else {
                return refuseElement(parent);
            }
        }
    }

    Result<SendAction> readSend()
    {
        ScxmlAttributes attributes(m_xml.attributes());
        for (const char* const name : {"eventexpr", "target", "targetexpr", "type", "typeexpr", "idlocation", "delayexpr",
                                       "namelist"}) {
            CF_TRY(here(attributes.refuse(name, "<send> only arms a timer with a written-out event and delay")));
        }
        SendAction send;
        CF_ASSIGN(send.id, here(attributes.need("id")));
        CF_ASSIGN(send.event, here(attributes.need("event")));
        CF_ASSIGN(const QString delay, here(attributes.need("delay")));
        CF_ASSIGN(send.delayMs, here(parseDelay(delay)));
        send.from = attributes.takeOurs("from").value_or(QString());
        CF_TRY(here(attributes.finish()));
        CF_TRY(needEmpty("send"));
        return send;
    }

    Result<CancelAction> readCancel()
    {
        ScxmlAttributes attributes(m_xml.attributes());
        CancelAction cancel;
        CF_TRY(here(attributes.refuse("sendidexpr", "the timer is named by sendid")));
        CF_ASSIGN(cancel.sendId, here(attributes.need("sendid")));
        CF_TRY(here(attributes.finish()));
        CF_TRY(needEmpty("cancel"));
        return cancel;
    }

    Result<CommandAction> readCommand()
    {
        ScxmlAttributes attributes(m_xml.attributes());
        CommandAction command;
        CF_ASSIGN(command.name, here(attributes.need("name")));
        command.retryPolicy = attributes.take("retry").value_or(QString());
        if (const auto text = attributes.take("effect")) {
            CF_ASSIGN(command.effect, here(parseCommandEffect(*text)));
        }
        CF_TRY(here(attributes.finish()));
        for (;;) {
            CF_ASSIGN(const bool child, nextChild());
            if (!child) {
                return command;
            }
            if (!isOurs("argument")) {
                return refuseElement("cf:command");
            }
            ScxmlAttributes argument(m_xml.attributes());
            CommandArgument entry;
            CF_ASSIGN(entry.name, here(argument.need("name")));
            entry.value = argument.take("value").value_or(QString());
            CF_TRY(here(argument.finish()));
            CF_TRY(needEmpty("cf:argument"));
            command.arguments.push_back(std::move(entry));
        }
    }

    QXmlStreamReader m_xml;
    WorkflowDefinition m_definition;
    int m_depth = 0;
};

} // namespace

Result<WorkflowDefinition> readScxml(QByteArrayView bytes)
{
    if (bytes.size() > workflowBytesMax) {
        return fail(ErrorCode::WorkflowInvalid, QStringLiteral("the file is larger than %1 bytes").arg(workflowBytesMax));
    }
    if (bytes.startsWith("\xef\xbb\xbf")) {
        bytes = bytes.sliced(3);
    }
    const Result<QString> text = decodeUtf8(bytes);
    if (!text) {
        return fail(ErrorCode::WorkflowInvalid, QStringLiteral("the file is not UTF-8: %1").arg(text.error().detail));
    }
    CF_TRY(checkTags(*text));
    CF_ASSIGN(WorkflowDefinition definition, Reader(*text).read());
    CF_TRY(checkDefinition(definition));
    return definition;
}

} // namespace counterfoil
