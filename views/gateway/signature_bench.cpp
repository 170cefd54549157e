// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gateway/signature_bench.h"

#include "views/gateway/step_list.h"
#include "views/widgets/badge.h"
#include "views/widgets/card.h"
#include "views/widgets/empty_state.h"

#include <QBoxLayout>
#include <QDateTimeEdit>
#include <QFutureWatcher>
#include <QHideEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPromise>
#include <QPushButton>
#include <QScrollArea>
#include <QThreadPool>

namespace counterfoil {

namespace {

constexpr int headerHeight = 62;
constexpr int fieldHeight = 28;

/// What stands in the field, with hard spaces as they are: toPlainText() makes common ones of them.
QString textOf(const QPlainTextEdit* field)
{
    return field->document()->toRawText().replace(QChar(QChar::ParagraphSeparator), QLatin1Char('\n'));
}

QLineEdit* hiddenField(const QString& name, const QString& hint, QWidget* parent)
{
    auto* field = new QLineEdit(parent);
    field->setAccessibleName(name);
    field->setPlaceholderText(hint);
    field->setEchoMode(QLineEdit::Password);
    field->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    field->setMaxLength(512);
    return field;
}

QPlainTextEdit* textField(const Theme& theme, const QString& name, QWidget* parent)
{
    auto* field = new QPlainTextEdit(parent);
    field->setAccessibleName(name);
    field->setTabChangesFocus(true);
    field->setWordWrapMode(QTextOption::WrapAnywhere);
    const auto dress = [field, &theme] { field->setFont(theme.font(TextRole::MonoSmall)); };
    dress();
    QObject::connect(&theme, &Theme::changed, field, dress);
    return field;
}

} // namespace

SignatureBench::SignatureBench(const PageContext& context, QWidget* parent)
    : GatewayTab(context, parent),
      m_header(textField(context.theme, tr("Stripe-Signature header"), this)),
      m_body(textField(context.theme, tr("Body of the callback"), this)),
      m_secret(hiddenField(tr("Signing secret"), tr("whsec_…"), this)),
      m_otherSecret(hiddenField(tr("Another secret"), tr("while one is being replaced"), this)),
      m_receivedAt(new QDateTimeEdit(this)),
      m_check(new QPushButton(tr("Explain"), this)),
      m_empty(new EmptyState(context.theme, this)),
      m_answer(new QWidget(this)),
      m_badge(new StateBadge(context.theme, m_answer)),
      m_verdict(new PlainLabel(context.theme, {}, TextRole::Section, Ink::Text, m_answer)),
      m_advice(new PlainLabel(context.theme, {}, TextRole::Body, Ink::Secondary, m_answer)),
      m_steps(new StepList(context.theme, m_answer))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, space::m, 0, 0);
    layout->setSpacing(space::m);
    layout->addWidget(buildInput(), 1);
    layout->addWidget(buildAnswer(), 1);
    setNow();
    forget();
    connect(m_check, &QPushButton::clicked, this, &SignatureBench::check);
    for (QLineEdit* field : {m_secret, m_otherSecret}) {
        connect(field, &QLineEdit::returnPressed, this, &SignatureBench::check);
    }
}

QWidget* SignatureBench::buildInput()
{
    auto* card = new SectionCard(theme(), tr("What came"), this);
    QVBoxLayout* column = card->body();
    m_header->setPlaceholderText(tr("t=1700000000,v1=5257a869…"));
    m_header->setFixedHeight(headerHeight);
    m_body->setPlaceholderText(tr("The body, byte for byte as it was received"));
    addField(column, tr("Stripe-Signature header"), m_header, 0);
    addField(column, tr("Body"), m_body, 1);
    auto* secrets = new QHBoxLayout;
    secrets->setSpacing(space::m);
    for (const auto& [name, field] : {std::pair{tr("Signing secret"), m_secret}, std::pair{tr("Another secret"), m_otherSecret}}) {
        auto* half = new QVBoxLayout;
        addField(half, name, field, 0);
        secrets->addLayout(half, 1);
    }
    column->addLayout(secrets);
    m_receivedAt->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_receivedAt->setAccessibleName(tr("Received at"));
    m_receivedAt->setMinimumSize(176, fieldHeight);
    auto* now = new QPushButton(tr("Now"), card);
    now->setAccessibleName(tr("Received now"));
    connect(now, &QPushButton::clicked, this, &SignatureBench::setNow);
    m_check->setProperty("primary", true);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::s);
    row->addWidget(new PlainLabel(theme(), tr("Received at"), TextRole::Caption, Ink::Secondary, card));
    row->addWidget(m_receivedAt);
    row->addWidget(now);
    row->addStretch(1);
    row->addWidget(m_check);
    column->addSpacing(space::xs);
    column->addLayout(row);
    return card;
}

void SignatureBench::addField(QVBoxLayout* column, const QString& name, QWidget* field, int stretch)
{
    auto* label = new PlainLabel(theme(), name, TextRole::Caption, Ink::Secondary, this);
    label->setBuddy(field);
    column->addWidget(label);
    column->addWidget(field, stretch);
}

QWidget* SignatureBench::buildAnswer()
{
    auto* card = new SectionCard(theme(), {}, this);
    m_empty->setContent(Icon::Lock, tr("Why is a callback refused?"),
                        tr("Paste the header, the body and the endpoint's secret. They are compared here, as a worker does it, and forgotten when you leave: nothing is stored, logged or sent."));
    auto* column = new QVBoxLayout(m_answer);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::s);
    auto* heading = new QHBoxLayout;
    heading->setSpacing(space::m);
    heading->addWidget(m_verdict, 1);
    heading->addWidget(m_badge);
    column->addLayout(heading);
    m_advice->setWrapping(true);
    column->addWidget(m_advice);
    column->addSpacing(space::s);
    auto* scroll = new QScrollArea(m_answer);
    scroll->setAccessibleName(tr("Steps of the explanation"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inner = new QWidget(scroll);
    auto* steps = new QVBoxLayout(inner);
    steps->setContentsMargins(0, 0, space::s, 0);
    steps->addWidget(m_steps);
    steps->addStretch(1);
    scroll->setWidget(inner);
    scroll->viewport()->setAutoFillBackground(false);
    inner->setAutoFillBackground(false);
    column->addWidget(scroll, 1);
    card->body()->addWidget(m_empty, 1);
    card->body()->addWidget(m_answer, 1);
    return card;
}

void SignatureBench::setCallback(const QString& body, UtcTime receivedAt)
{
    m_body->setPlainText(body);
    m_exactBody = body;
    m_shownBody = textOf(m_body);
    m_receivedAt->setDateTime(QDateTime::fromMSecsSinceEpoch(receivedAt.micros() / 1000).toLocalTime());
    m_header->clear();
    forget();
}

QByteArray SignatureBench::bodyBytes() const
{
    const QString text = textOf(m_body);
    return (text == m_shownBody ? m_exactBody : text).toUtf8();
}

void SignatureBench::setNow()
{
    m_receivedAt->setDateTime(QDateTime::fromMSecsSinceEpoch(context().clock.now().micros() / 1000).toLocalTime());
}

void SignatureBench::check()
{
    ForensicInput input;
    input.header = textOf(m_header).toUtf8();
    input.body = bodyBytes();
    for (const QLineEdit* field : {m_secret, m_otherSecret}) {
        if (!field->text().isEmpty()) {
            input.secrets.push_back(field->text().toUtf8());
        }
    }
    input.now = UtcTime(m_receivedAt->dateTime().toMSecsSinceEpoch() * 1000);
    const Duration tolerance = input.tolerance;
    // Guesses of a long body take their time.
    auto promise = std::make_shared<QPromise<CallbackForensics>>();
    auto* watcher = new QFutureWatcher<CallbackForensics>(this);
    ++m_running;
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, tolerance, token = ++m_token] {
        watcher->deleteLater();
        --m_running;
        if (token == m_token) {
            showAnswer(watcher->result(), tolerance);
        }
    });
    promise->start();
    watcher->setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, input = std::move(input)] {
        promise->addResult(examineCallback(input));
        promise->finish();
    });
}

void SignatureBench::showAnswer(const CallbackForensics& found, Duration tolerance)
{
    const ForensicStep verdict = verdictWords(found);
    m_badge->setLook(verdict.look);
    m_verdict->setPlain(verdict.title);
    m_advice->setPlain(verdict.text);
    m_steps->setSteps(forensicSteps(found, tolerance));
    m_empty->hide();
    m_answer->show();
}

void SignatureBench::forget()
{
    ++m_token;
    m_secret->clear();
    m_otherSecret->clear();
    m_verdict->setPlain({});
    m_steps->setSteps({});
    m_answer->hide();
    m_empty->show();
}

QString SignatureBench::verdict() const
{
    return m_verdict->text();
}

void SignatureBench::refresh()
{
    // Nothing of it comes from the database.
}

QWidget* SignatureBench::firstFocus()
{
    return m_header;
}

void SignatureBench::hideEvent(QHideEvent* event)
{
    GatewayTab::hideEvent(event);
    // Not when the window is only covered or put away for a moment.
    if (!event->spontaneous()) {
        forget();
    }
}

} // namespace counterfoil
