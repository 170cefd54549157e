// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/views/widget_walk.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QMenuBar>
#include <QMetaEnum>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QSet>
#include <QTabBar>
#include <QTest>
#include <QTextEdit>

#include <functional>

namespace counterfoil {

void failOnOurWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!\\s*(This plugin does not support |OpenType support missing ))")));
}

namespace {

/// Cells of long tables are all of one kind.
constexpr int childrenMax = 400;
constexpr int tabStopsMax = 200;
constexpr int partsMax = 6;

const QSet<QAccessible::Role> workableRoles{
    QAccessible::Button,     QAccessible::CheckBox, QAccessible::RadioButton, QAccessible::ButtonMenu,  QAccessible::ButtonDropDown, QAccessible::EditableText,
    QAccessible::ComboBox,   QAccessible::SpinBox,  QAccessible::Table,       QAccessible::Tree,        QAccessible::List,           QAccessible::PageTab,
    QAccessible::PageTabList, QAccessible::MenuItem, QAccessible::ColumnHeader};
/// Of which a screen reader lists all in a window.
const QSet<QAccessible::Role> listedRoles{QAccessible::Button, QAccessible::CheckBox, QAccessible::RadioButton, QAccessible::ButtonMenu, QAccessible::EditableText, QAccessible::Table};

QString nameOf(QAccessibleInterface* thing)
{
    return thing->text(QAccessible::Name).trimmed();
}

QString placeOf(QAccessibleInterface* thing)
{
    const char* role = QMetaEnum::fromType<QAccessible::Role>().valueToKey(thing->role());
    QString text = QStringLiteral("%1 '%2'").arg(QString::fromLatin1(role), nameOf(thing).left(60));
    if (const QObject* object = thing->object()) {
        text += QStringLiteral(" (%1)").arg(QString::fromLatin1(object->metaObject()->className()));
    }
    for (QAccessibleInterface* parent = thing->parent(); parent != nullptr; parent = parent->parent()) {
        if (!nameOf(parent).isEmpty()) {
            return text + QStringLiteral(" in '%1'").arg(nameOf(parent).left(60));
        }
    }
    return text;
}

QString placeOf(const QWidget* widget)
{
    return placeOf(QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget)));
}

void visit(QAccessibleInterface* thing, const std::function<void(QAccessibleInterface*)>& look)
{
    if (thing == nullptr || !thing->isValid() || thing->state().invisible) {
        return;
    }
    look(thing);
    for (int i = 0; i < std::min(thing->childCount(), childrenMax); ++i) {
        visit(thing->child(i), look);
    }
}

void visitWindow(QWidget* window, const std::function<void(QAccessibleInterface*)>& look)
{
    visit(QAccessible::queryAccessibleInterface(window), look);
}

/// Parts that Qt makes inside another widget, which takes the keyboard for them.
bool isInnerPart(const QWidget* widget)
{
    const QWidget* parent = widget->parentWidget();
    const bool inField = parent != nullptr && (qobject_cast<const QComboBox*>(parent) || qobject_cast<const QAbstractSpinBox*>(parent) || qobject_cast<const QLineEdit*>(parent));
    const bool inView = qobject_cast<const QHeaderView*>(widget) || widget->inherits("QTableCornerButton");
    const bool inTabs = parent != nullptr && qobject_cast<const QTabBar*>(parent);
    return inField || inView || inTabs || widget->objectName().startsWith(QLatin1String("qt_"));
}

bool isForHands(const QWidget* widget)
{
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractItemView*>(widget)
        || qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) || qobject_cast<const QPlainTextEdit*>(widget) || qobject_cast<const QTabBar*>(widget);
}

/// One of several of which one is chosen: Tab goes to that one, arrows to the others.
bool isOneOfSeveral(const QWidget* widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    return button != nullptr && button->group() != nullptr && button->group()->exclusive() && button->group()->checkedButton() != nullptr;
}

QList<QWidget*> onScreen(const QWidget* window)
{
    QList<QWidget*> found;
    for (QWidget* widget : window->findChildren<QWidget*>()) {
        if (widget->window() == window->window() && widget->isVisible() && widget->isEnabled() && !isInnerPart(widget)) {
            found << widget;
        }
    }
    return found;
}

/// Where Tab goes, until it comes back or stays.
QSet<const QWidget*> round(Qt::KeyboardModifiers modifiers)
{
    QSet<const QWidget*> seen;
    const QWidget* start = QApplication::focusWidget();
    int stays = 0;
    for (int i = 0; i < tabStopsMax; ++i) {
        QWidget* before = QApplication::focusWidget();
        seen.insert(before);
        QTest::keyClick(before, modifiers == Qt::ShiftModifier ? Qt::Key_Backtab : Qt::Key_Tab, modifiers);
        const QWidget* after = QApplication::focusWidget();
        // A date's field goes through its parts first.
        stays = after == before ? stays + 1 : 0;
        if (after == nullptr || (after == start && before != start) || stays > partsMax) {
            break;
        }
    }
    return seen;
}

} // namespace

QStringList nameless(QWidget* window)
{
    QStringList found;
    visitWindow(window, [&found](QAccessibleInterface* thing) {
        if (workableRoles.contains(thing->role()) && nameOf(thing).isEmpty()) {
            found << QStringLiteral("no name: %1").arg(placeOf(thing));
        }
    });
    return found;
}

QStringList alike(QWidget* window)
{
    QStringList found;
    QMap<std::pair<int, QString>, int> listed;
    visitWindow(window, [&](QAccessibleInterface* thing) {
        QSet<std::pair<int, QString>> neighbours;
        for (int i = 0; i < std::min(thing->childCount(), childrenMax); ++i) {
            QAccessibleInterface* child = thing->child(i);
            if (child == nullptr || child->state().invisible || !workableRoles.contains(child->role())) {
                continue;
            }
            const std::pair<int, QString> what(child->role(), nameOf(child));
            if (neighbours.contains(what)) {
                found << QStringLiteral("the same beside it: %1").arg(placeOf(child));
            }
            neighbours.insert(what);
        }
        if (listedRoles.contains(thing->role()) && ++listed[{thing->role(), nameOf(thing)}] == 2) {
            found << QStringLiteral("twice in the window: %1").arg(placeOf(thing));
        }
    });
    return found;
}

QStringList mouseOnly(const QWidget* window)
{
    QStringList found;
    for (const QWidget* widget : onScreen(window)) {
        if (isForHands(widget) && !(widget->focusPolicy() & Qt::TabFocus) && !isOneOfSeveral(widget)) {
            found << QStringLiteral("by mouse only: %1").arg(placeOf(widget));
        }
    }
    return found;
}

QStringList missedByTab(QWidget* window)
{
    QWidget* start = QApplication::focusWidget();
    if (start == nullptr || start->window() != window || !start->isVisible()) {
        return {QStringLiteral("the keyboard is nowhere in '%1'").arg(window->windowTitle())};
    }
    const QSet<const QWidget*> forward = round({});
    start->setFocus();
    const QSet<const QWidget*> backward = round(Qt::ShiftModifier);
    start->setFocus();
    QStringList found;
    for (const QWidget* widget : onScreen(window)) {
        if ((widget->focusPolicy() & Qt::TabFocus) != Qt::TabFocus || widget->focusProxy() != nullptr || qobject_cast<const QMenuBar*>(widget)) {
            continue;
        }
        if (!forward.contains(widget)) {
            found << QStringLiteral("Tab passes over: %1").arg(placeOf(widget));
        }
        if (!backward.contains(widget)) {
            found << QStringLiteral("Shift+Tab passes over: %1").arg(placeOf(widget));
        }
    }
    return found;
}

QStringList outOfSight(const QWidget* window)
{
    QStringList found;
    for (const QAbstractItemView* view : window->findChildren<QAbstractItemView*>()) {
        const QModelIndex current = view->isVisible() && !qobject_cast<const QHeaderView*>(view) ? view->currentIndex() : QModelIndex();
        if (current.isValid() && !view->viewport()->rect().intersects(view->visualRect(current.siblingAtColumn(0)).united(view->visualRect(current)))) {
            found << QStringLiteral("the current row is out of sight: %1").arg(placeOf(view));
        }
    }
    return found;
}

QStringList readingMarkup(const QWidget* window)
{
    QStringList found;
    for (const QWidget* widget : window->findChildren<QWidget*>()) {
        const auto* label = qobject_cast<const QLabel*>(widget);
        if ((label != nullptr && label->textFormat() != Qt::PlainText) || qobject_cast<const QTextEdit*>(widget)) {
            found << QStringLiteral("reads markup: %1").arg(placeOf(widget));
        }
        // plainToolTip() escapes, within one element of its own.
        const QString tip = widget->toolTip();
        if (tip.contains(QLatin1Char('<')) && (tip.count(QLatin1Char('<')) != 2 || !tip.startsWith(QLatin1String("<span>")))) {
            found << QStringLiteral("a tool tip with markup: %1").arg(placeOf(widget));
        }
    }
    return found;
}

QStringList invisibleCharacters(const QWidget* window)
{
    QStringList found;
    const auto look = [&found](const QWidget* widget, const QString& text) {
        const auto isHidden = [](QChar c) { return (c.category() == QChar::Other_Control && c != QLatin1Char('\n') && c != QLatin1Char('\t')) || c.category() == QChar::Other_Format; };
        if (const auto at = std::ranges::find_if(text, isHidden); at != text.end()) {
            found << QStringLiteral("U+%1 in %2").arg(at->unicode(), 4, 16, QLatin1Char('0')).arg(placeOf(widget));
        }
    };
    look(window, window->window()->windowTitle());
    for (const QWidget* widget : onScreen(window)) {
        if (const auto* label = qobject_cast<const QLabel*>(widget)) {
            look(widget, label->text());
        } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
            look(widget, button->text());
        } else if (const auto* view = qobject_cast<const QPlainTextEdit*>(widget); view != nullptr && view->isReadOnly()) {
            look(widget, view->toPlainText());
        } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i) {
                look(widget, tabs->tabText(i));
            }
        } else if (const auto* list = qobject_cast<const QAbstractItemView*>(widget); list != nullptr && list->model() != nullptr) {
            const QModelIndex row = list->currentIndex().isValid() ? list->currentIndex() : list->indexAt({1, 1});
            for (int column = 0; row.isValid() && column < list->model()->columnCount(row.parent()); ++column) {
                look(widget, row.siblingAtColumn(column).data().toString());
            }
        }
    }
    return found;
}

QStringList beyondTheirParents(const QWidget* window)
{
    QStringList found;
    for (const QWidget* widget : onScreen(window)) {
        const QWidget* parent = widget->parentWidget();
        const auto* area = parent->parentWidget() != nullptr ? qobject_cast<const QAbstractScrollArea*>(parent->parentWidget()) : nullptr;
        const bool scrolls = area != nullptr && area->viewport() == parent;
        if (!widget->isWindow() && !scrolls && !parent->rect().contains(widget->geometry())) {
            found << QStringLiteral("beyond its parent: %1").arg(placeOf(widget));
        }
    }
    return found;
}

QStringList obstacles(QWidget* window)
{
    return nameless(window) + alike(window) + mouseOnly(window) + missedByTab(window) + outOfSight(window) + readingMarkup(window);
}

} // namespace counterfoil
