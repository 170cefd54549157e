// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/desk/case_bell.h"

#include "models/base/text.h"
#include "models/tables/format.h"

#include <QApplication>
#include <QBoxLayout>
#include <QPushButton>
#include <QSystemTrayIcon>

#include <utility>

namespace counterfoil {

namespace {

constexpr int announcedMax = 20;
constexpr qsizetype detailLengthMax = 160;

QString wordsFor(const CaseRow& row)
{
    const QString detail = visibleText(row.item.detail, detailLengthMax);
    return row.orderNo.isEmpty() ? detail : QStringLiteral("%1 · %2 · %3").arg(visibleText(row.orderNo, detailLengthMax), row.item.amount.toText(), detail);
}

} // namespace

CaseBell::CaseBell(const Theme& theme, ReadExecutor& executor, QWidget* parent)
    : QWidget(parent), m_executor(executor), m_strip(new NoticeStrip(theme, this)), m_dismiss(new QPushButton(tr("Dismiss"), this))
{
    setAccessibleName(tr("New critical cases"));
    m_dismiss->setProperty("link", true);
    m_dismiss->setAutoDefault(false);
    m_dismiss->setAccessibleName(tr("Dismiss the notice of new critical cases"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::xl, space::s, space::xl, 0);
    row->setSpacing(space::s);
    row->addWidget(m_strip, 1);
    row->addWidget(m_dismiss);
    hide();
    connect(m_strip, &NoticeStrip::actionTriggered, this, &CaseBell::open);
    connect(m_dismiss, &QPushButton::clicked, this, &CaseBell::dismiss);
    connect(&executor, &ReadExecutor::changed, this, &CaseBell::ask);
}

void CaseBell::start()
{
    if (!m_seen) {
        ask();
    }
}

void CaseBell::ask()
{
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = true;
    m_executor.read(
        this, [since = m_seen](Connection& connection) { return newCriticalCases(connection, since, announcedMax); },
        [this](const Result<NewCases>& found) {
            m_asking = false;
            if (found) {
                const bool isNews = m_seen.has_value();
                m_seen = found->newest;
                if (isNews && !found->critical.empty()) {
                    announce(found->critical);
                }
            }
            if (std::exchange(m_again, false)) {
                ask();
            }
        });
}

void CaseBell::announce(const std::vector<CaseRow>& rows)
{
    std::vector<CaseId> news;
    for (const CaseRow& row : rows) {
        news.push_back(row.item.id);
    }
    m_news.insert(m_news.begin(), news.begin(), news.end());
    m_news.resize(std::min<std::size_t>(m_news.size(), announcedMax));
    const bool isOne = m_news.size() == 1;
    const QString title = isOne ? tr("Critical: %1").arg(stateLabel(rows.front().item.kind).toLower()) : tr("%n new critical cases", nullptr, static_cast<int>(m_news.size()));
    m_strip->setNotice(Icon::Warning, Tone::Danger, title, wordsFor(rows.front()), isOne ? tr("Open the case") : tr("Show the queue"));
    show();
    sayOnDesktop(title, wordsFor(rows.front()));
}

void CaseBell::sayOnDesktop(const QString& title, const QString& text)
{
    if (window()->isActiveWindow()) {
        return;
    }
    QApplication::alert(window());
    if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages()) {
        return;
    }
    if (!m_tray) {
        m_tray = new QSystemTrayIcon(window()->windowIcon(), this);
        m_tray->setToolTip(QStringLiteral("Counterfoil"));
        const auto comeForward = [this] {
            window()->raise();
            window()->activateWindow();
            open();
        };
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, comeForward);
        connect(m_tray, &QSystemTrayIcon::activated, this, comeForward);
        m_tray->show();
    }
    m_tray->showMessage(title, text, QSystemTrayIcon::Warning);
}

void CaseBell::open()
{
    const std::vector<CaseId> news = m_news;
    dismiss();
    if (news.size() == 1) {
        Q_EMIT caseRequested(news.front());
    } else if (!news.empty()) {
        Q_EMIT queueRequested();
    }
}

void CaseBell::dismiss()
{
    m_news.clear();
    hide();
    delete std::exchange(m_tray, nullptr);
}

} // namespace counterfoil
